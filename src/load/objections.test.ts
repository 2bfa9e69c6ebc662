import { describe, expect, it } from "vitest";
import { objectionsTo } from "./objections.ts";

const account = {
  stream: "reused",
  scheduled: 3,
  ok: 1,
  failed: 1,
  indeterminate: 0,
  undelivered: 1,
  late: 0,
  worstLoopDelayMs: 0,
  harnessFailures: [],
} as const;
const truth = {
  requests: 2,
  connections: 1,
  ok: ["k-0/items"],
  faulted: [["k-1/items", "no-answer-fin"]],
  raced: [],
  duplicates: [],
} as const;
const ok = { type: "ok", status: 200 } as const;
const lost = { type: "indeterminate", reason: "closed-before-response" } as const;
const requests = [
  { name: "k-0/items", outcome: ok },
  { name: "k-1/items", outcome: lost },
] as const;

describe("objectionsTo", () => {
  it("has none to books that are the server's", () => {
    expect(objectionsTo({ account, requests, truth })).toEqual([]);
  });

  it("objects to an answer that was lost and is counted as one", () => {
    const wrong = [requests[0], { name: "k-1/items", outcome: ok }];
    expect(objectionsTo({ account, requests: wrong, truth })).toEqual([
      "reused: 1 requests are counted otherwise than the server saw them, such as k-1/items.",
    ]);
  });

  it("objects to an answer that came and is counted as lost", () => {
    const wrong = [{ name: "k-0/items", outcome: lost }, requests[1]];
    expect(objectionsTo({ account, requests: wrong, truth })).toHaveLength(1);
  });

  it("objects to a failure that is called by the name of another", () => {
    const reset = { type: "indeterminate", reason: "reset-in-body" } as const;
    const wrong = [requests[0], { name: "k-1/items", outcome: reset }];
    expect(objectionsTo({ account, requests: wrong, truth })).toEqual([
      "reused: k-1/items met no-answer-fin and is called reset-in-body.",
    ]);
  });

  it("objects to sums that do not add up, to requests that are not there, and to failures of its own", () => {
    const broken = { ...account, ok: 2, harnessFailures: ["EMFILE."] };
    expect(objectionsTo({ account: broken, requests: [requests[0]], truth })).toEqual([
      "reused: EMFILE.",
      "reused: the sums do not add up to 3.",
      "reused: 1 requests are in the ledger, not 2.",
    ]);
  });
});
