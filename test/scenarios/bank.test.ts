import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PodProcess, startPodProcess } from "../support/pod-process.ts";

const PROGRAM = {
  directory: join(import.meta.dirname, "../../scenarios/bank/app"),
  entry: "server.ts",
};

let dataDirectory: string;
let pods: PodProcess[];

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), "bank-"));
  pods = [];
});

afterEach(async () => {
  for (const pod of pods) pod.process.kill("SIGKILL");
  await Promise.all(pods.map((pod) => pod.exited()));
  rmSync(dataDirectory, { recursive: true });
});

async function startBank(): Promise<PodProcess> {
  const pod = await startPodProcess(PROGRAM, { DATA_DIR: dataDirectory });
  pods.push(pod);
  return pod;
}

async function transfer(pod: PodProcess, key: string): Promise<number> {
  const body = JSON.stringify({ payer: "ann", payee: "bob", cents: 5 });
  const headers = { "Idempotency-Key": key };
  return (await fetch(`${pod.url}/transfers`, { method: "POST", headers, body })).status;
}

async function audit(pod: PodProcess) {
  return (await (await fetch(`${pod.url}/audit?prefix=run-`)).json()) as {
    readonly mailed: readonly string[];
  };
}

describe("the bank", () => {
  it("moves money once for each key, whichever pod is asked, and mails its receipt once", async () => {
    const [a, b] = await Promise.all([startBank(), startBank()]);
    const statuses = [await transfer(a, "run-1"), await transfer(b, "run-1")];
    expect([...statuses, await transfer(b, "run-2"), await transfer(a, "other-1")]).toEqual([
      201, 200, 201, 201,
    ]);
    await expect.poll(async () => (await audit(a)).mailed, { timeout: 5_000 }).toHaveLength(2);
    expect(await audit(b)).toEqual({
      transactions: ["run-1", "run-2"].map((key) => ({ key, effects: { transfer: 1 } })),
      transfers: ["run-1", "run-2"],
      balances: { ann: 9_999_985, bob: 10_000_015 },
      bookings: 3,
      mailed: ["run-1", "run-2"],
    });
  });

  it("serves on when it is told to stop, sends its clients away, and mails what it holds", async () => {
    const [leaving, other] = await Promise.all([startBank(), startBank()]);
    leaving.process.kill("SIGTERM");
    await leaving.logged("sigterm");
    const answer = await fetch(`${leaving.url}/statement?ms=2500`);
    expect([answer.status, answer.headers.get("connection")]).toEqual([200, "close"]);
    expect(await leaving.exited()).toBe(0);
    expect(await transfer(other, "run-1")).toBe(201);
  });
});
