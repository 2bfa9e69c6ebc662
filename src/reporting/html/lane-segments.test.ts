import { describe, expect, it } from "vitest";
import type { PodLane } from "#domain/report.ts";
import type { Termination } from "#domain/termination.ts";
import { endpointSpans, laneSegments } from "./lane-segments.ts";
import { timeScale } from "./time-scale.ts";

const scale = timeScale(1000, 10_000);

describe("laneSegments", () => {
  it("draws a whole life, stage after stage", () => {
    const lane = aLane({
      createdAtMs: 2000,
      startedAtMs: 2200,
      readyAtMs: 3000,
      sigtermAtMs: 7000,
      termination: aTermination({ exitedAtMs: 7500, goneAtMs: 7600 }),
    });
    expect(drawn(lane)).toEqual([
      "pending 2000–2200",
      "starting 2200–3000",
      "ready 3000–5000",
      "pre-stop 5000–7000",
      "stopping 7000–7500",
      "exited 7500–7600",
    ]);
  });

  it("begins at the edge for what began before the load, and ends there for what still lives", () => {
    const lane = aLane({ createdAtMs: 100, startedAtMs: 200, readyAtMs: 300 });
    expect(drawn(lane)).toEqual(["ready 1000–10000"]);
  });

  it("takes the first ready endpoint for readiness when the pod's own was not seen", () => {
    const lane = aLane({ createdAtMs: 2000, endpoint: [{ atMs: 4000, state: "ready" }] });
    expect(drawn(lane)).toEqual(["pending 2000–4000", "ready 4000–10000"]);
  });

  it("never shows a pod as ready that was deleted before it was", () => {
    const lane = aLane({
      createdAtMs: 4000,
      readyAtMs: 6000,
      sigtermAtMs: 5000,
      termination: aTermination({ exitedAtMs: 6500, goneAtMs: 6600 }),
    });
    expect(drawn(lane)).toEqual(["pending 4000–5000", "stopping 5000–6500", "exited 6500–6600"]);
  });

  it("says terminating when nobody knows when SIGTERM came", () => {
    const lane = aLane({ readyAtMs: 0, termination: aTermination({ goneAtMs: 6000 }) });
    expect(drawn(lane)).toEqual(["ready 1000–5000", "terminating 5000–6000"]);
  });

  it("takes a pod that was there before the run to have been up", () => {
    expect(drawn(aLane({}))).toEqual(["ready 1000–10000"]);
  });
});

describe("endpointSpans", () => {
  it("leaves a hole while the pod is not listed", () => {
    const lane = aLane({
      endpoint: [
        { atMs: 500, state: "ready" },
        { atMs: 2000, state: "absent" },
        { atMs: 3000, state: "not-ready" },
      ],
    });
    expect(endpointSpans(lane, scale)).toEqual([
      { state: "ready", fromMs: 1000, untilMs: 2000 },
      { state: "not-ready", fromMs: 3000, untilMs: 10_000 },
    ]);
  });

  it("draws a pod no longer than it was watched", () => {
    const endpoint = [{ atMs: 2000, state: "ready" }] as const;
    const lane = aLane({ endpoint, createdAtMs: 1500, readyAtMs: 2000, watchedUntilMs: 6000 });
    expect(drawn(lane)).toEqual(["pending 1500–2000", "ready 2000–6000"]);
    expect(endpointSpans(lane, scale)).toEqual([{ state: "ready", fromMs: 2000, untilMs: 6000 }]);
  });
});

function drawn(lane: PodLane): readonly string[] {
  return laneSegments(lane, scale).map(
    ({ type, fromMs, untilMs }) => `${type} ${fromMs}–${untilMs}`,
  );
}

function aLane(overrides: Partial<PodLane>): PodLane {
  return { pod: "web-1", endpoint: [], ...overrides };
}

function aTermination(overrides: Partial<Termination>): Termination {
  return {
    pod: "web-1",
    uid: "u1",
    deletionRequestedAtMs: 5000,
    t0UncertaintyMs: 0,
    gracePeriodSeconds: 30,
    exits: [],
    ...overrides,
  };
}
