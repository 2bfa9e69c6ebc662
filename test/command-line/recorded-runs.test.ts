import { generateKeyPairSync } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "#cli/main.ts";
import { renderResult } from "#reporting/json/render-result.ts";
import { aHistory, anExchange, RESET } from "#test/support/builders.ts";
import { recordRun } from "#test/support/record-run.ts";
import { failingReport } from "../reporting/fixtures/failing-report.ts";
import { passingReport } from "../reporting/fixtures/passing-report.ts";

/* What is done with runs that lie on the disk, as it is typed. */
let folder: string;
let run: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lastcall-recorded-"));
  run = judged("tonight", renderResult(passingReport()));
});
afterEach(() => rmSync(folder, { recursive: true }));

function judged(name: string, result: string): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  writeFileSync(join(directory, "result.json"), result);
  return directory;
}

async function lastcall(...args: readonly string[]) {
  let output = "";
  const stream = { write: (text: string) => (output += text) };
  return { exitCode: await main(args, { out: stream, err: stream }), output };
}

/** Paths of a new key's halves. */
function aKey() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const [own, shared] = [join(folder, "key.pem"), join(folder, "key.pub.pem")];
  writeFileSync(own, privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(shared, publicKey.export({ type: "spki", format: "pem" }));
  return { own, shared };
}

describe("lastcall report", () => {
  it("lists the runs of a folder on one page", async () => {
    expect(await lastcall("report", "--reports", folder)).toEqual({
      exitCode: 0,
      output: `${join(folder, "index.html")}\n`,
    });
    expect(readFileSync(join(folder, "index.html"), "utf8")).toContain("tonight/report.html");
  });

  it("puts two runs side by side, in words and as a page", async () => {
    const before = judged("last-night", renderResult(failingReport()));
    const page = join(folder, "comparison.html");
    const { exitCode, output } = await lastcall(
      ...["report", "--compare", join(before, "result.json"), join(run, "result.json")],
      ...["--html", page],
    );
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^Against run .*: .*\n +compared with the baseline +before +now/);
    const html = readFileSync(page, "utf8");
    expect(html).toContain("verdict-fail");
    expect(html).toContain("verdict-pass");
  });

  it("judges a folder that it compares by the promises that were asked of it", async () => {
    const promise = {
      metric: "request-error-rate",
      operator: "<",
      limit: 0.001,
      text: "<0.1%",
    } as const;
    const lost = anExchange({ scheduledAtMs: 4_500, outcome: RESET });
    const recorded = await recordRun(folder, aHistory({ exchanges: [lost] }), [promise]);
    const page = join(folder, "comparison.html");
    await lastcall("report", "--compare", recorded, recorded, "--html", page);
    expect(readFileSync(page, "utf8")).not.toContain("no promise was asked");
  });

  it("deletes old runs where it is told how many may stay", async () => {
    judged("older", renderResult(failingReport()).replace("2026-", "2025-"));
    const { output } = await lastcall("report", "--reports", folder, "--keep", "1");
    expect(output).toBe(`Deleted: older\n${join(folder, "index.html")}\n`);
    expect(existsSync(join(folder, "older"))).toBe(false);
    expect(existsSync(run)).toBe(true);
  });

  it.each([
    [["--keep", "none"], "BAD_KEEP: --keep none is not a number of runs."],
    [["--compare", "one"], "BAD_USAGE: --compare takes two runs, and got 1."],
    [["a-run"], "BAD_USAGE: Without --compare, report takes --reports and --keep."],
    [["--reports", "/nowhere/at/all"], "NO_REPORTS: There is no folder /nowhere/at/all."],
    [["--reports", "/dev/null"], "NO_REPORTS: There is no folder /dev/null."],
    [["--compare", "/nowhere", "/at/all"], "NO_BASELINE: "],
  ])("refuses %j", async (args, message) => {
    const { exitCode, output } = await lastcall("report", ...args);
    expect(exitCode).toBe(64);
    expect(output).toContain(message);
  });
});

describe("lastcall sign and verify", () => {
  it("tell a run that is as it was signed from one that is not", async () => {
    const { own, shared } = aKey();
    const who = ["--key", own, "--name", "Ann Lee", "--decision", "approve", "--comment", "fine"];
    expect((await lastcall("sign", run, ...who)).exitCode).toBe(0);
    const intact = await lastcall("verify", run, "--key", shared);
    expect(intact.exitCode).toBe(0);
    expect(intact.output).toMatch(
      /^Unchanged: 1 files of tonight, verdict pass\.\n {2}approve by Ann Lee, /,
    );
    appendFileSync(join(run, "result.json"), " ");
    expect(await lastcall("verify", run, "--key", shared)).toEqual({
      exitCode: 1,
      output: "NOT what was signed:\n  result.json was changed.\n",
    });
  });

  it("want to know by whom, and what was decided", async () => {
    const { own } = aKey();
    expect((await lastcall("sign", run)).exitCode).toBe(64);
    const maybe = ["--key", own, "--name", "Ann", "--decision", "maybe"];
    expect(await lastcall("sign", run, ...maybe)).toMatchObject({
      exitCode: 64,
      output: expect.stringContaining("BAD_DECISION: --decision maybe."),
    });
    expect((await lastcall("verify", run)).exitCode).toBe(64);
  });
});
