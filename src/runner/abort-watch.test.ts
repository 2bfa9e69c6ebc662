import { describe, expect, it } from "vitest";
import { endpointsAt, settledAt } from "#disruptions/testing/a-cluster.ts";
import type { AbortConditions } from "#domain/abort-conditions.ts";
import { EMPTY_VIEW, foldObservation } from "#domain/cluster-view.ts";
import type { Clock } from "#ports/clock.ts";
import { AbortWatch } from "./abort-watch.ts";

function watch(conditions: AbortConditions) {
  const met: string[] = [];
  const over = new AbortController();
  const abortWatch = new AbortWatch(conditions, ({ message }) => met.push(message));
  let wake = () => {};
  const clock: Clock = {
    nowMs: () => 0,
    sleep: (_, signal) =>
      new Promise((resolve, reject) => {
        wake = resolve;
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
  };
  return {
    met,
    abortWatch,
    begin: () => abortWatch.begin(clock, over.signal),
    end: () => over.abort(),
    timeIsOver: async () => {
      wake();
      await Promise.resolve();
    },
  };
}

const counts = (requests: number, failures: number) => [
  { stream: "a", requests, failures, inFlight: 0 },
];
const view = (desired: number, ...ready: readonly string[]) =>
  [settledAt(0, desired), endpointsAt(1, ...ready)].reduce(foldObservation, EMPTY_VIEW);

describe("abort conditions", () => {
  it("stop at an error rate of the last five seconds, once", () => {
    const { met, abortWatch, begin } = watch({ errorRatio: 0.2 });
    begin();
    abortWatch.seeLoad(counts(100, 20), 1_000);
    expect(met).toEqual([]);
    abortWatch.seeLoad(counts(100, 90), 2_000);
    abortWatch.seeLoad(counts(100, 90), 2_500);
    expect(met).toEqual([
      "The run was stopped by its abort condition: 110 of 200 requests of the last 5 s failed, and 20 % is the most that is accepted.",
    ]);
  });

  it("forget failures of before, and make nothing of a few requests", () => {
    const { met, abortWatch, begin } = watch({ errorRatio: 0.2 });
    begin();
    abortWatch.seeLoad(counts(40, 40), 1_000);
    abortWatch.seeLoad(counts(100, 10), 7_000);
    expect(met).toEqual([]);
  });

  it("stop when too few replicas are ready", () => {
    const { met, abortWatch, begin } = watch({ capacityRatio: 0.5 });
    abortWatch.seeCluster(view(4));
    begin();
    abortWatch.seeCluster(view(4, "web-1", "web-2"));
    expect(met).toEqual([]);
    abortWatch.seeCluster(view(4, "web-1"));
    expect(met).toEqual([expect.stringContaining("1 of 4 replicas are ready endpoints, and 50 %")]);
  });

  it("stop after a time, unless the run has ended", async () => {
    const late = watch({ afterMs: 60_000 });
    late.begin();
    await late.timeIsOver();
    expect(late.met).toEqual([expect.stringContaining("not come to its end 60 s after")]);
    const ended = watch({ afterMs: 60_000 });
    ended.begin();
    ended.end();
    await ended.timeIsOver();
    expect(ended.met).toEqual([]);
  });

  it("that are not stated stop nothing", () => {
    const { met, abortWatch, begin } = watch({});
    begin();
    abortWatch.seeLoad(counts(100, 100), 1_000);
    abortWatch.seeCluster(view(4));
    expect(met).toEqual([]);
  });
});
