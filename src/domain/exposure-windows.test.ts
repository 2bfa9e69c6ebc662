import { describe, expect, it } from "vitest";
import { exposureWindows, mergeSpans, overlapsAny } from "./exposure-windows.ts";
import type { Termination } from "./termination.ts";

const termination: Termination = {
  pod: "web-1",
  uid: "u",
  deletionRequestedAtMs: 4_000,
  t0UncertaintyMs: 20,
  gracePeriodSeconds: 10,
  exits: [],
  endpointNotReadyAtMs: 4_100,
  goneAtMs: 6_000,
};
const windowOf = (fields: Partial<Termination>) =>
  exposureWindows([{ ...termination, ...fields }], { marginMs: 500, loadEndedAtMs: 20_000 })[0];

describe("exposureWindows", () => {
  it("begins where the deletion may have been requested, and ends a margin after the pod is gone", () => {
    expect(windowOf({})).toEqual({ pod: "web-1", fromMs: 3_980, untilMs: 6_500 });
  });

  it("lasts as long as the address is listed, if that is longer", () => {
    expect(windowOf({ endpointNotReadyAtMs: 9_000 })?.untilMs).toBe(9_500);
  });

  it("lasts until the load ends when the address is never taken off the list", () => {
    expect(windowOf({ neverDelisted: true })?.untilMs).toBe(20_000);
  });

  it("lasts until the load ends when the pod is never seen gone", () => {
    const { goneAtMs: _, ...here } = termination;
    const [window] = exposureWindows([here], { marginMs: 500, loadEndedAtMs: 20_000 });
    expect(window?.untilMs).toBe(20_000);
  });
});

describe("overlapsAny", () => {
  const merged = mergeSpans([
    { fromMs: 10, untilMs: 20 },
    { fromMs: 15, untilMs: 30 },
    { fromMs: 50, untilMs: 60 },
  ]);
  it("merges what overlaps", () => {
    expect(merged).toEqual([
      { fromMs: 10, untilMs: 30 },
      { fromMs: 50, untilMs: 60 },
    ]);
  });

  it.each([
    [0, 9, false],
    [0, 10, true],
    [25, 26, true],
    [30, 40, true],
    [31, 49, false],
    [0, 100, true],
    [60, 70, true],
    [61, 70, false],
  ])("finds whether %d to %d touches a span: %s", (fromMs, untilMs, touches) => {
    expect(overlapsAny(merged, fromMs, untilMs)).toBe(touches);
  });
});
