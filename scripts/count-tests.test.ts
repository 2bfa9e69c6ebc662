import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countFile } from "./count-tests.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lastcall-counts-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function count(name: string, text: string) {
  const path = join(directory, name);
  writeFileSync(path, text);
  return countFile(path);
}

const vitest = {
  numPassedTests: 3,
  numFailedTests: 0,
  numFailedTestSuites: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  success: true,
};

describe("countFile", () => {
  it("reads vitest's JSON", () => {
    expect(count("unit.json", JSON.stringify(vitest))).toEqual({
      passed: 3,
      failed: 0,
      skipped: 1,
    });
  });

  it("counts a suite that failed to load as a failure", () => {
    expect(count("unit.json", JSON.stringify({ ...vitest, success: false })).failed).toBe(1);
  });

  it("reads cucumber's JUnit XML", () => {
    const xml =
      "<testsuite><testcase/><testcase><failure/></testcase><testcase><skipped/></testcase>";
    expect(count("junit.xml", xml)).toEqual({ passed: 1, failed: 1, skipped: 1 });
  });

  it("takes a suite without a test, or without a result, for a failure", () => {
    expect(count("junit.xml", "<testsuite/>").failed).toBe(1);
    expect(countFile(join(directory, "missing.json")).failed).toBe(1);
  });
});
