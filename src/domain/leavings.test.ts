import { describe, expect, it } from "vitest";
import { Leavings } from "./leavings.ts";
import type { Termination } from "./termination.ts";

const leaving = (deletionRequestedAtMs: number, rest: Partial<Termination> = {}): Termination => ({
  ...{ pod: "web-1", uid: "uid-1", deletionRequestedAtMs, t0UncertaintyMs: 0 },
  ...{ gracePeriodSeconds: 30, exits: [], ...rest },
});

describe("the leavings of a pod", () => {
  const signalled = leaving(1_000, { exitedAtMs: 2_000, comesBack: true });
  const again = leaving(5_000, { exitedAtMs: 6_000, comesBack: true });
  const deleted = leaving(9_000, { exitedAtMs: 9_500, goneAtMs: 9_600 });

  it("follow one another: each is over when its container has ended", () => {
    const leavings = new Leavings([signalled, again, deleted]);
    const at = (atMs: number) => leavings.at("uid-1", atMs)?.deletionRequestedAtMs;
    expect([0, 2_000, 2_001, 5_500, 6_001, 9_550].map(at)).toEqual([
      ...[1_000, 1_000, 5_000, 5_000, 9_000, 9_000],
    ]);
  });

  it("end with the last, unless the pod is there again", () => {
    expect(new Leavings([deleted]).at("uid-1", 60_000)).toBe(deleted);
    expect(new Leavings([signalled]).at("uid-1", 2_001)).toBeUndefined();
    const lost = leaving(1_000, { goneAtMs: 1_010 });
    expect(new Leavings([lost]).at("uid-1", 1_500)).toBe(lost);
    expect(new Leavings([lost, deleted]).at("uid-1", 1_500)).toBe(deleted);
  });

  it("are those of that pod", () => {
    expect(new Leavings([deleted]).at("uid-2", 0)).toBeUndefined();
  });
});
