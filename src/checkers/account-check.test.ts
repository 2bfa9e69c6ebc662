import { describe, expect, it } from "vitest";
import type { History } from "#domain/history.ts";
import { aHistory, anExchange, RESET } from "#test/support/builders.ts";
import { AccountCheck } from "./account-check.ts";

const exchanges = [anExchange(), anExchange(), anExchange({ outcome: RESET })];

function breachesOf(history: History, ledger = [...history.exchanges]) {
  const check = new AccountCheck();
  for (const exchange of ledger) check.see(exchange);
  return check.breaches(history);
}

describe("AccountCheck", () => {
  const sound = aHistory({ exchanges });

  it("has nothing to say where ledger and account agree", () => {
    expect(breachesOf(sound)).toEqual([]);
  });

  it("refuses a ledger that is missing, cut short, or says something else", () => {
    const wrong = ["The ledger of reused is not what the load accounted for."];
    expect(breachesOf(sound, [])).toEqual(wrong);
    expect(breachesOf(sound, exchanges.slice(0, 2))).toEqual(wrong);
    expect(breachesOf(sound, [...exchanges.slice(0, 2), anExchange()])).toEqual(wrong);
  });

  it("refuses a run without an account of each stream, or without its phases", () => {
    const { closing } = sound;
    expect(breachesOf({ ...sound, closing: { ...closing, streams: [] } })).toEqual([
      "The load gave no account of its stream reused.",
    ]);
    expect(breachesOf({ ...sound, closing: { ...closing, phases: [] } })).toEqual([
      "The run has no finished control phase.",
      "The run has no finished recovery phase.",
    ]);
  });

  it("leaves a run that broke off to the reason that it gives itself", () => {
    const closing = { phases: [], streams: [], brokenOff: "killed" };
    expect(breachesOf({ ...sound, closing })).toEqual([]);
  });
});
