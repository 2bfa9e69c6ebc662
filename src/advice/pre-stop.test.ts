import { describe, expect, it } from "vitest";
import {
  aFailure,
  aReport,
  type LeavingFields,
  threeLeaving,
} from "#test/support/report-builders.ts";
import { gatherClues } from "./clues.ts";
import { dataPathDelay, drainSeconds, sleepFirst } from "./pre-stop.ts";

const cluesOf = (fields: LeavingFields, ...times: readonly number[]) =>
  gatherClues(
    aReport({
      leaving: threeLeaving(fields),
      marks: times.map((atMs) => aFailure({ atMs, reason: "connect-refused" })),
    }),
  );

describe("dataPathDelay", () => {
  it("is the later of the last connection that was taken and the last that was refused", () => {
    expect(dataPathDelay(cluesOf({})).worstMs).toBe(120);
    expect(dataPathDelay(cluesOf({}, 5_405)).worstMs).toBe(400);
    expect(dataPathDelay(cluesOf({}, 5_060)).worstMs).toBe(120);
  });

  it("counts from when a connection was tried, not from when it was given up", () => {
    const marks = [aFailure({ atMs: 8_400, livedMs: 3_000, reason: "connect-timeout" })];
    const clues = gatherClues(aReport({ leaving: threeLeaving({}).slice(0, 1), marks }));
    expect(dataPathDelay(clues).worstMs).toBe(400);
  });

  it("reckons with the vantage point that may have seen a connection last", () => {
    const report = aReport({ leaving: threeLeaving({}) });
    const atWorst = { value: 2_600, because: "Through entrance 1 alone" };
    const ungated = report.ungated.map((measurement) => ({ ...measurement, atWorst }));
    const { worstMs, resolutionMs, sleepSeconds } = dataPathDelay(
      gatherClues({ ...report, ungated }),
    );
    expect([worstMs, resolutionMs, sleepSeconds]).toEqual([120, 2_480, 3]);
  });

  it("asks for half as much again, in whole seconds", () => {
    expect(dataPathDelay(cluesOf({})).sleepSeconds).toBe(1);
    expect(dataPathDelay(cluesOf({}, 5_700)).sleepSeconds).toBe(2);
  });
});

describe("sleepFirst", () => {
  it("leaves a sleep alone that is long enough", () => {
    expect(sleepFirst(cluesOf({ sleepSeconds: 3 }))).toBeUndefined();
  });

  it("raises one that is too short, and the grace only with it where it must", () => {
    const change = sleepFirst(cluesOf({ sleepSeconds: 1, graceSeconds: 4 }, 13_600));
    expect(change?.containers).toMatchObject([{ name: "web", preStopSleepSeconds: 4 }]);
    expect(change?.graceSeconds).toBe(7);
    const roomy = sleepFirst(cluesOf({ sleepSeconds: 1, graceSeconds: 30 }, 13_600));
    expect(roomy).not.toHaveProperty("graceSeconds");
  });

  it("changes every container that the kubelet stops at once, and no native sidecar", () => {
    const containers = [
      { name: "web", sidecar: false },
      { name: "proxy", sidecar: false },
      { name: "mesh", sidecar: true },
    ];
    const lane = { setup: { graceSeconds: 10, containers } };
    expect(sleepFirst(cluesOf({ lane }))?.containers?.map(({ name }) => name)).toEqual([
      "web",
      "proxy",
    ]);
  });
});

describe("drainSeconds", () => {
  it("holds the slowest request of the load and the slowest pod, with room", () => {
    expect(drainSeconds(cluesOf({}))).toBe(3);
    expect(drainSeconds(cluesOf({ exit: { afterMs: 4_000 } }))).toBe(7);
  });

  it("does not take a pod that was killed for one that drained", () => {
    expect(drainSeconds(cluesOf({ exit: { afterMs: 10_000, exitCode: 137, forced: true } }))).toBe(
      3,
    );
  });
});
