import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { podsFileName } from "#domain/ledger-record.ts";
import { readLedger } from "./read-ledger.ts";
import { StreamLedger } from "./stream-ledger.ts";

let directory: string;
let ledger: StreamLedger;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "lastcall-ledger-"));
  ledger = await StreamLedger.create(directory, "reused");
});
afterEach(() => rmSync(directory, { recursive: true }));

const ok = { type: "ok", status: 200 } as const;

describe("StreamLedger", () => {
  it("adds up to what was scheduled, and marks what was sent late", async () => {
    const outcomes = [
      ok,
      { type: "failed", reason: "connect-refused" },
      { type: "indeterminate", reason: "truncated-body", status: 200 },
      { type: "undelivered", reason: "no-free-connection" },
    ] as const;
    for (const [index, outcome] of outcomes.entries()) {
      const exchange = ledger.open(100);
      exchange.sentAtMs = 100 + 6 * index; // 100, 106, 112, 118: the last two are late
      exchange.endedAtMs = 200;
      ledger.settle(exchange, outcome);
    }
    await ledger.close();
    expect(ledger.account(3)).toEqual({
      stream: "reused",
      scheduled: 4,
      ok: 1,
      failed: 1,
      indeterminate: 1,
      undelivered: 1,
      late: 1,
      worstLoopDelayMs: 3,
      harnessFailures: [],
    });
    const read = readLedger(directory, "reused");
    expect(read.map(({ outcome }) => outcome)).toEqual(outcomes);
    // What was never sent cannot have been sent late.
    expect(read.map(({ sentAtMs, late }) => [sentAtMs, late])).toEqual([
      [100, false],
      [106, false],
      [112, true],
      [100, false],
    ]);
  });

  it("owns up to an exchange that was never settled", async () => {
    ledger.open(1);
    await ledger.close();
    expect(ledger.account(0).harnessFailures).toEqual([
      "The identity is broken: 1 scheduled, 0 settled, 0 written.",
    ]);
  });

  it("counts an exchange once that somebody settles twice, and owns up to it", async () => {
    const exchange = ledger.open(1);
    ledger.settle(exchange, ok);
    ledger.settle(exchange, { type: "failed", reason: "connect-refused" });
    await ledger.close();
    const account = ledger.account(0);
    expect([account.ok, account.failed]).toEqual([1, 0]);
    expect(account.harnessFailures).toEqual(["1 exchanges were settled twice."]);
  });

  it("names each pod once, before the first record that needs it", () => {
    expect(["web-1", "web-2", "web-1"].map((name) => ledger.podNumber(name))).toEqual([1, 2, 1]);
    expect(readFileSync(join(directory, podsFileName("reused")), "utf8")).toBe(
      '"web-1"\n"web-2"\n',
    );
  });

  it("tells each time what is new, and how often the generator failed in the same way", async () => {
    ledger.settle(ledger.open(1), ok);
    ledger.open(2);
    const first = { stream: "reused", requests: 2, failures: 0, inFlight: 1 };
    expect(ledger.progress()).toEqual(first);
    expect(ledger.progress()).toEqual({ ...first, requests: 0 });
    ledger.noteHarnessFailure("EMFILE");
    ledger.noteHarnessFailure("EMFILE");
    await ledger.close();
    expect(ledger.account(0).harnessFailures).toContain("EMFILE (2 times).");
  });
});
