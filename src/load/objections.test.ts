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
const requests = [
  { name: "k-0/items", ok: true },
  { name: "k-1/items", ok: false },
] as const;

describe("objectionsTo", () => {
  it("has none to books that are the server's", () => {
    expect(objectionsTo({ account, requests, truth })).toEqual([]);
  });

  it("objects to an answer that was lost and is counted as one", () => {
    const wrong = [requests[0], { name: "k-1/items", ok: true }];
    expect(objectionsTo({ account, requests: wrong, truth })).toEqual([
      "reused: 1 requests are counted otherwise than the server saw them, such as k-1/items.",
    ]);
  });

  it("objects to an answer that came and is counted as lost", () => {
    const wrong = [{ name: "k-0/items", ok: false }, requests[1]];
    expect(objectionsTo({ account, requests: wrong, truth })).toHaveLength(1);
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
