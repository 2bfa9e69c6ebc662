import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CleanUpOptions, cleanUp } from "#clean-up.ts";
import { ownIdentity } from "#history/process-identity.ts";
import { createUndoLog, findUndoLogs, undoDirectory } from "#history/undo-log.ts";

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "lastcall-clean-up-"));
  vi.stubEnv("XDG_STATE_HOME", state);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(state, { recursive: true });
});

/** A run on an embedded cluster that has made a namespace. */
async function aRun(runId: string, { alive = false, ended = false } = {}): Promise<void> {
  const own = await ownIdentity();
  const log = createUndoLog(undoDirectory(process.env), {
    ...{ format: 1, runId, startedAt: "2026-11-24T10:00:00.000Z" },
    process: alive ? own : { ...own, startedAtTicks: "0" },
    ...{ cluster: "embedded", namespace: "shop" },
  });
  const object = { apiVersion: "v1", kind: "Namespace", name: "shop" };
  await log.record({ type: "created", object });
  if (ended) await log.keep(log.steps, { ended: true });
}

async function cleaned(options: Partial<CleanUpOptions> = {}) {
  const lines: string[] = [];
  const tell = (line: string) => void lines.push(line);
  const { signal } = new AbortController();
  const complete = await cleanUp({ all: false, tell, signal, ...options });
  const left = await findUndoLogs(undoDirectory(process.env));
  return { complete, told: lines.join("\n"), left: left.map(({ header }) => header.runId) };
}

describe("cleanUp", () => {
  it("says that there is nothing, and knows no run that has left nothing", async () => {
    expect(await cleaned()).toMatchObject({ complete: true, told: "No run has left anything." });
    await expect(cleaned({ runId: "r9" })).rejects.toMatchObject({ code: "UNKNOWN_RUN" });
  });

  it("leaves a run alone that is still going on", async () => {
    await aRun("r1", { alive: true });
    const { told, left } = await cleaned();
    expect(told).toMatch(/^Run r1 .* is still going on \(process \d+\)/);
    expect(left).toEqual(["r1"]);
  });

  it("forgets a killed run whose cluster has ended with it", async () => {
    await aRun("r1");
    const { told, left } = await cleaned();
    expect(told).toContain("the cluster ended with the run");
    expect(left).toEqual([]);
  });

  it.each([
    ["asked for it by name", { runId: "r1" }],
    ["asked for all", { all: true }],
  ])("removes what a run left on purpose only for who %s", async (_, asked) => {
    await aRun("r1", { alive: true, ended: true });
    const untouched = await cleaned();
    expect(untouched.told).toContain("came to its end and left what it had made; --run r1");
    expect(untouched.left).toEqual(["r1"]);
    expect((await cleaned(asked)).left).toEqual([]);
  });
});
