import { describe, expect, it } from "vitest";
import { leaving } from "#test/support/builders.ts";
import { podLanes } from "./pod-lanes.ts";
import { rebuildTerminations } from "./rebuild-terminations.ts";

describe("podLanes", () => {
  const observations = leaving();
  const terminations = rebuildTerminations(observations);

  it("draws each pod's life and its entries in the EndpointSlices", () => {
    const [leaver, stayer] = podLanes(observations, terminations);
    expect(leaver).toEqual({
      pod: "web-1",
      node: "node-1",
      revision: "old",
      createdAtMs: 0,
      startedAtMs: 0,
      readyAtMs: 0,
      endpoint: [
        { atMs: 10, state: "ready" },
        { atMs: 4_020, state: "terminating" },
        { atMs: 5_910, state: "absent" },
      ],
      termination: terminations[0],
      sigtermAtMs: 4_000,
    });
    expect(stayer).not.toHaveProperty("termination");
  });

  it("infers SIGTERM after the preStop sleep, and none when the pod exited before it", () => {
    const [termination] = terminations;
    if (termination === undefined) throw new Error("the builder changed");
    const lane = (preStopSleepSeconds: number) =>
      podLanes(observations, [{ ...termination, preStopSleepSeconds }])[0]?.sigtermAtMs;
    expect(lane(1)).toBe(5_000);
    expect(lane(2)).toBeUndefined();
  });
});
