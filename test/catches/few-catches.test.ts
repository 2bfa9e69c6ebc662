import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chooseCatches, loadCatches } from "#cli/self-test/catches.ts";
import { type CatchOutcome, runCatch } from "#cli/self-test/run-catch.ts";

/*
 * Three whole runs in `npm test`, while no other test runs: a lost request, a lost transaction and a healthy
 * workload. `npm run catches` and `lastcall self-test` try the others.
 */
const ONLY = ["exits-at-once", "half-commits", "healthy-orders"];

/** A machine that is busy with something else proves nothing, and may be less so a moment later. */
const ATTEMPTS = 4;

const few = chooseCatches(await loadCatches(), { only: ONLY, quick: false });
const reportsDir = mkdtempSync(join(tmpdir(), "lastcall-few-catches-"));
afterAll(() => rmSync(reportsDir, { recursive: true }));

describe("the harness, tried on whole runs", () => {
  it.each(few)("$name", async (one) => {
    const { signal } = new AbortController();
    const outcomes: CatchOutcome[] = [];
    while (outcomes.length < ATTEMPTS && (outcomes.at(-1)?.type ?? "void") === "void") {
      outcomes.push(await runCatch(one, { reportsDir, signal }));
    }
    const { type, objections } = outcomes.at(-1) ?? {};
    const right = one.expectation.verdict === "pass" ? "passed" : "caught";
    expect({ type, objections }).toEqual({ type: right, objections: [] });
  });
});
