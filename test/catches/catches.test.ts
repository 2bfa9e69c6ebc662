import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chooseCatches, loadCatches } from "#cli/self-test/catches.ts";
import { runCatch } from "#cli/self-test/run-catch.ts";

/*
 * The product's own proof, in short: each folder is a workload with one known fault, run for real on the
 * embedded cluster. The harness must give its verdict, cross its promise, name its reason and its cause.
 * `lastcall self-test` runs them all.
 */
const quick = chooseCatches(await loadCatches(), { only: [], quick: true });
const reportsDir = mkdtempSync(join(tmpdir(), "lastcall-catches-"));
afterAll(() => rmSync(reportsDir, { recursive: true }));

describe("what the harness must catch, and what it must let pass", () => {
  it("finds the catches", () => expect(quick.length).toBeGreaterThanOrEqual(6));

  it.each(quick)("$name", async (one) => {
    const { signal } = new AbortController();
    const { type, objections } = await runCatch(one, { reportsDir, signal });
    const right = one.expectation.verdict === "pass" ? "passed" : "caught";
    expect({ type, objections }).toEqual({ type: right, objections: [] });
  });
});
