import { describe, expect, it } from "vitest";
import { advise } from "#advice/advise.ts";
import { judge } from "#checkers/judge.ts";
import type { Exchange } from "#domain/exchange.ts";
import type { History } from "#domain/history.ts";
import type { Observation } from "#domain/observation.ts";
import {
  aHistory,
  anExchange,
  aStream,
  aTransaction,
  aTransactionStream,
  leaving,
} from "../support/builders.ts";

/*
 * From what a run records to the cause, through the judgement that gathers the facts. In the standard
 * history `web-1` of two pods is deleted at 4,000 ms, without preStop, and exits at 5,900; load ends at 10,000.
 */

const LOAD = [aStream(), aStream({ type: "fresh", name: "visit" })];

const answered = Array.from({ length: 2_000 }, (_, seq) =>
  anExchange({ seq, scheduledAtMs: 5 * seq, servedBy: 5 * seq < 4_100 ? "web-1" : "web-2" }),
);

function causesOf(exchanges: readonly Exchange[], fields: Partial<Omit<History, "header">> = {}) {
  const history = aHistory({ load: LOAD, exchanges: [...answered, ...exchanges], ...fields });
  const noKills = { metric: "forced-kills", operator: "=", limit: 0, text: "0" } as const;
  return advise(judge(history, [noKills])).filter(({ hint }) => hint !== true);
}

const visit = (fields: Partial<Exchange>) =>
  anExchange({ stream: "visit", connection: "new", connectionId: 9, ...fields });

describe("the cause of a recorded history", () => {
  it("is none for a healthy one", () => {
    expect(causesOf([])).toEqual([]);
  });

  it("is exits-at-once when an accepted request was cut as the pod went", () => {
    const outcome = { type: "indeterminate", reason: "reset-before-response" } as const;
    const cut = visit({ sentAtMs: 3_700, connectedAtMs: 3_701, endedAtMs: 4_010, outcome });
    const [first, ...others] = causesOf([cut], { observations: leaving({ atMs: 4_040 }) });
    expect(first?.cause).toBe("exits-at-once");
    expect(first?.evidence.examples[0]).toMatch(
      /^visit #1 at 4\.01 s: reset-before-response, web-1/,
    );
    expect(others).toEqual([]);
  });

  it("is closes-listener-early when new connections were refused while the process ran", () => {
    const outcome = { type: "failed", reason: "connect-refused" } as const;
    const refused = visit({ sentAtMs: 4_060, endedAtMs: 4_061, outcome });
    expect(causesOf([refused]).map(({ cause }) => cause)).toEqual(["closes-listener-early"]);
  });

  it("is pre-stop-fails when the kubelet said so", () => {
    const outcome = { type: "failed", reason: "connect-refused" } as const;
    const refused = visit({ sentAtMs: 4_060, endedAtMs: 4_061, outcome });
    const warning: Observation = {
      type: "event",
      atMs: 4_030,
      about: "pod/web-1",
      severity: "Warning",
      reason: "FailedPreStopHook",
      message: "PreStopHook failed",
    };
    const observations = [...leaving(), warning];
    expect(causesOf([refused], { observations })[0]?.cause).toBe("pre-stop-fails");
  });

  it("is ignores-sigterm, proven by what the pod still served", () => {
    const late = anExchange({ sentAtMs: 9_900, servedBy: "web-1" });
    const observations = leaving({ exitCode: 137, reason: "Error", atMs: 14_100 });
    expect(causesOf([late], { observations })).toMatchObject([
      { cause: "ignores-sigterm", confidence: "proven" },
    ]);
  });

  it("is half-commits when the ledger has one effect of two", () => {
    const load = [...LOAD, aTransactionStream()];
    const history = aHistory({
      load,
      exchanges: answered,
      transactions: [aTransaction()],
      audit: { type: "read", atMs: 11_000, entries: [{ key: "k1", effects: { reserve: 1 } }] },
    });
    expect(advise(judge(history, []))[0]).toMatchObject({
      cause: "half-commits",
      evidence: { total: 1, examples: ["k1 is partial: reserve × 1"] },
    });
  });
});
