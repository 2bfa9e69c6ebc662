import { describe, expect, it } from "vitest";
import { aReport, measured, promised } from "#test/support/report-builders.ts";
import { proveChange, whyNotProvable } from "./proof.ts";
import type { Verdict } from "./verdict.ts";

const of = (kills: Verdict, dropped: Verdict) =>
  aReport({
    results: [
      promised(measured("forced-kills", 0), kills),
      promised(measured("dropped-requests", 0), dropped),
    ],
  });
const prove = (before: readonly [Verdict, Verdict], now: readonly [Verdict, Verdict]) =>
  proveChange(of(...before), of(...now), []);

describe("proveChange", () => {
  it("is proven when what was broken is kept now", () => {
    expect(prove(["fail", "pass"], ["pass", "pass"])).toEqual({
      verdict: "pass",
      because: "Broken before and kept now: forced kills.",
    });
  });

  it("is not proven when it is still broken", () => {
    const { verdict, because } = prove(["fail", "fail"], ["pass", "fail"]);
    expect([verdict, because]).toEqual(["fail", "Dropped requests is still broken: "]);
  });

  it("is not proven when the change breaks what was kept", () => {
    const { verdict, because } = prove(["fail", "pass"], ["pass", "fail"]);
    expect([verdict, because]).toEqual(["fail", "Dropped requests is now broken: "]);
  });

  it.each([
    ["what was broken", ["fail", "pass"], ["inconclusive", "pass"]],
    ["what was kept", ["fail", "pass"], ["pass", "inconclusive"]],
  ] as const)("is inconclusive when %s is not decided now", (_, before, now) => {
    expect(prove(before, now).verdict).toBe("inconclusive");
  });

  it("does not ask more of the change than the recorded run could tell", () => {
    expect(prove(["fail", "inconclusive"], ["pass", "inconclusive"]).verdict).toBe("pass");
  });

  it("proves a change of a run that passed by promises that are still kept", () => {
    expect(prove(["pass", "pass"], ["pass", "pass"])).toEqual({
      verdict: "pass",
      because: "Every promise is still kept.",
    });
  });

  it("proves nothing where something else is not the same, but sees what is broken", () => {
    const differ = (kills: Verdict) =>
      proveChange(of("fail", "pass"), of(kills, "pass"), ["its load changed"]);
    expect(differ("pass")).toEqual({
      verdict: "inconclusive",
      because: "The two runs differ: its load changed.",
    });
    expect(differ("fail").verdict).toBe("fail");
  });
});

describe("whyNotProvable", () => {
  const advice = {
    cause: "grace-too-short",
    explanation: "",
    confidence: "likely",
    evidence: { total: 1, examples: [] },
    fix: "",
  } as const;
  const patched = [{ ...advice, patch: "spec: {}" }];

  it("lets a run be tried that has a patch and an answer", () => {
    expect(whyNotProvable({ ...of("fail", "pass"), verdict: "fail", advice: patched })).toBe(
      undefined,
    );
  });

  it.each([
    ["no patch", { advice: [advice] }, "No advice of this run is a setting"],
    ["no promise", { results: [] }, "No promise was asked"],
    ["no answer", { verdict: "inconclusive", headline: "Void." }, "proves nothing itself: Void."],
  ] as const)("refuses a run with %s", (_, fields, reason) => {
    const report = { ...of("fail", "pass"), advice: patched, ...fields };
    expect(whyNotProvable(report)).toContain(reason);
  });
});
