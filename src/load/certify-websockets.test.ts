import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { certifyWebsockets } from "./certify-websockets.ts";
import { startLoad } from "./start-load.ts";
import { CONNECTIONS_FILE } from "./websocket-driver.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lastcall-certify-test-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** The real load, and then whatever a worse one might have written. */
const certify = (spoil: (lines: readonly string[]) => readonly string[]) =>
  certifyWebsockets({
    directory,
    keyPrefix: "certify",
    common: {
      arrival: { type: "constant", perSecond: 150 },
      timeouts: { connectMs: 10_000, headersMs: 10_000, bodyMs: 10_000 },
    },
    async run(plan) {
      const clock = { runStartedAtMs: performance.timeOrigin + performance.now() };
      const rest = { keyPrefix: "certify", drainMs: 12_000, podHeader: "x-pod" };
      const load = await startLoad({ ...plan, ...clock, ...rest });
      await sleep(300);
      const result = await load.stop();
      const file = join(directory, CONNECTIONS_FILE);
      writeFileSync(file, spoil(readFileSync(file, "utf8").split("\n")).join("\n"));
      return result;
    },
  });

it("finds nothing against the websockets of this load", async () => {
  const { objections, faults } = await certify((lines) => lines);
  expect(objections).toEqual([]);
  expect(faults).toBeGreaterThan(0);
});

it("objects to a cut connection that the load took for a closed one", async () => {
  const end = { type: "closed", code: 1001 };
  const { objections } = await certify((lines) =>
    lines.map((line) => (line === "" ? line : JSON.stringify({ ...JSON.parse(line), end }))),
  );
  expect(objections).toEqual([expect.stringContaining("0 connections are called cut")]);
});
