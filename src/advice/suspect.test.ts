import { describe, expect, it } from "vitest";
import type { FailureMark } from "#domain/report.ts";
import { aFailure, aLeaving, aReport } from "#test/support/report-builders.ts";
import type { FailureKind } from "./failure.ts";
import { gatherLeavings } from "./leaving.ts";
import { findSuspect } from "./suspect.ts";

/** `a` leaves at 5,000 with SIGTERM at 8,000 and exit at 9,000, `b` 1,500 ms after it. */
const leavings = gatherLeavings(
  aReport({
    leaving: [
      aLeaving({ pod: "a", atMs: 5_000, sleepSeconds: 3, exit: { afterMs: 4_000 } }),
      aLeaving({ pod: "b", atMs: 6_500, sleepSeconds: 3, exit: { afterMs: 4_000 } }),
    ],
  }),
);

const suspectOf = (kind: FailureKind, mark: FailureMark) =>
  findSuspect(mark, kind, { leavings, marginMs: 500 })?.termination.pod;
const at = (atMs: number, fields: Partial<Parameters<typeof aFailure>[0]> = {}) =>
  aFailure({ atMs, reason: "reset-before-response", ...fields });

describe("findSuspect", () => {
  it("takes a pod that named itself at its word, and blames nobody before its deletion", () => {
    expect(suspectOf("cut", at(9_600, { pod: "a", livedMs: 700 }))).toBe("a");
    expect(suspectOf("cut", at(4_000, { pod: "a" }))).toBeUndefined();
    expect(suspectOf("cut", at(9_600, { pod: "c" }))).toBeUndefined();
  });

  it("blames a lost connection on the pod whose SIGTERM or exit was nearest", () => {
    expect(suspectOf("cut", at(8_020))).toBe("a");
    expect(suspectOf("cut", at(9_480))).toBe("b");
    expect(suspectOf("kept-lost", at(9_010))).toBe("a");
  });

  it("blames a refusal on the last pod that had been told to stop", () => {
    expect(suspectOf("refused", at(8_100))).toBe("a");
    expect(suspectOf("refused", at(9_600))).toBe("b");
  });

  it("blames a refusal before any SIGTERM on the pod that was deleted last", () => {
    expect(suspectOf("refused", at(6_600))).toBe("b");
  });

  it("allows for a deletion that was seen late, but not for more", () => {
    expect(suspectOf("refused", at(4_800))).toBe("a");
    expect(suspectOf("refused", at(4_700))).toBeUndefined();
  });

  it("ends a pod's blame with its exposure, and that for answers with its process", () => {
    expect(suspectOf("refused", at(11_100))).toBe("b");
    expect(suspectOf("refused", at(11_200))).toBeUndefined();
    expect(suspectOf("silent", at(11_100, { livedMs: 900 }))).toBe("b");
    expect(suspectOf("silent", at(11_100, { livedMs: 400 }))).toBeUndefined();
  });
});
