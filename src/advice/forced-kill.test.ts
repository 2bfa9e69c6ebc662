import { describe, expect, it } from "vitest";
import { aStream } from "#test/support/builders.ts";
import {
  aFailure,
  aReport,
  type ReportFields,
  threeLeaving,
} from "#test/support/report-builders.ts";
import { gatherClues } from "./clues.ts";

const KILLED = { exitCode: 137, reason: "Error", forced: true, afterMs: 10_050 };

/** The first pod gets SIGTERM at 5,000 ms and is killed at 15,050; load goes on until 20,000. */
function killOf(lastReusedRequestAtMs: number | undefined, fields: ReportFields = {}) {
  const phases = [
    { name: "control", startedAtMs: 0, endedAtMs: 4_000, demandedMs: 4_000 },
    { name: "recovery", startedAtMs: 18_000, endedAtMs: 20_000, demandedMs: 2_000 },
  ] as const;
  const [first] = threeLeaving({ exit: KILLED });
  if (first === undefined) throw new TypeError("The builder makes three.");
  const { lastReusedRequestAtMs: _, lastNewConnectionAtMs: __, ...lane } = first.lane;
  const served = lastReusedRequestAtMs === undefined ? {} : { lastReusedRequestAtMs };
  const leaving = [{ ...first, lane: { ...lane, ...served } }];
  const report = aReport({ leaving, closing: { phases, streams: [] }, ...fields });
  return gatherClues(report).kills[0];
}

const RARE = { load: [aStream({ connections: 500 })] };

describe("findForcedKills", () => {
  it("tells a pod that served to the end from one that let its clients go", () => {
    expect(killOf(14_900)).toMatchObject({ servedLateAtMs: 14_900, wasDraining: false });
    expect(killOf(5_900)).toMatchObject({ wasDraining: true });
    expect(killOf(5_900)).not.toHaveProperty("servedLateAtMs");
  });

  it("concludes nothing where no request was seen, or kept connections are used too rarely", () => {
    expect(killOf(undefined)).toMatchObject({ wasDraining: false });
    expect(killOf(5_900, { header: RARE })).toMatchObject({ wasDraining: false });
  });

  it("does not take the end of the load for the end of serving", () => {
    const phases = [
      { name: "control", startedAtMs: 0, endedAtMs: 4_000, demandedMs: 4_000 },
      { name: "recovery", startedAtMs: 7_000, endedAtMs: 9_000, demandedMs: 2_000 },
    ] as const;
    const kill = killOf(8_900, { closing: { phases, streams: [] } });
    expect(kill).toMatchObject({ servedLateAtMs: 8_900, wasDraining: false });
  });

  it("counts what died with the pod, and what of it had been there since before SIGTERM", () => {
    const cut = (livedMs: number) =>
      aFailure({ atMs: 15_000, livedMs, reason: "reset-before-response" });
    const kill = killOf(undefined, { marks: [cut(10_500), cut(300)] });
    expect([kill?.lost.length, kill?.tooLong.length]).toEqual([2, 1]);
  });
});
