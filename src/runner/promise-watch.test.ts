import { describe, expect, it } from "vitest";
import { endpointsAt } from "#disruptions/testing/a-cluster.ts";
import { EMPTY_VIEW, foldObservation } from "#domain/cluster-view.ts";
import type { MetricName } from "#domain/metric.ts";
import type { Observation } from "#domain/observation.ts";
import {
  aPod,
  aStream,
  aTransactionStream,
  aWebsocketStream,
  seen,
} from "#test/support/builders.ts";
import { PromiseWatch } from "./promise-watch.ts";

function watching(metric: MetricName) {
  const threshold = { metric, operator: "<", limit: 0.5, text: "<0.5" } as const;
  const load = [
    aStream({ name: "browse" }),
    { ...aWebsocketStream(), name: "sockets" },
    aTransactionStream({ name: "order" }),
  ];
  const watch = new PromiseWatch([threshold], load);
  return { watch, soFar: () => watch.standings[0]?.soFar };
}

const count = (stream: string, requests: number, failures: number) => [
  { stream, requests, failures, inFlight: 0 },
];
const view = (...observations: readonly Observation[]) =>
  observations.reduce(foldObservation, EMPTY_VIEW);

describe("PromiseWatch", () => {
  it("counts failures from the beginning of the disruption, of the worst stream that is no transactions", () => {
    const { watch, soFar } = watching("request-error-rate");
    watch.seeLoad(count("browse", 100, 50));
    expect(soFar()).toBeUndefined();
    watch.begin();
    watch.seeLoad(count("browse", 100, 0));
    watch.seeLoad(count("browse", 100, 1));
    watch.seeLoad(count("order", 10, 10));
    expect(soFar()).toBe(0.005);
    watch.seeLoad(count("sockets", 10, 1));
    expect(soFar()).toBe(0.1);
  });

  it("says nothing of failures per termination before a pod leaves", () => {
    const { watch, soFar } = watching("failures-per-termination");
    watch.begin();
    watch.seeLoad(count("browse", 100, 3));
    expect(soFar()).toBeUndefined();
    const leaving = { deletionTimestamp: "2026-11-24T10:00:00Z" };
    watch.seeCluster(
      view(seen(1, aPod({ uid: "a", ...leaving })), seen(1, aPod({ uid: "b", ...leaving }))),
      1,
    );
    expect(soFar()).toBe(1.5);
  });

  it("counts a container once that was killed when its grace was over, and no other end by SIGKILL", () => {
    const { watch, soFar } = watching("forced-kills");
    const leaving = (uid: string, ended?: string) =>
      seen(
        1,
        aPod({
          uid,
          deletionTimestamp: "2026-11-24T10:00:00Z",
          deletionGracePeriodSeconds: 2,
          containers: [
            {
              ...{ name: "web", ready: false, restartCount: 0, state: "running" },
              ...(ended !== undefined && { state: "terminated", exitCode: 137, reason: ended }),
            },
          ],
        }),
      );
    watch.begin();
    watch.seeCluster(view(leaving("a"), leaving("b"), leaving("early")), 1_000);
    watch.seeCluster(view(leaving("a"), leaving("b"), leaving("early", "Error")), 2_000);
    const over = view(
      ...[leaving("a", "Error"), leaving("b", "OOMKilled"), leaving("early", "Error")],
    );
    watch.seeCluster(over, 3_000);
    watch.seeCluster(over, 3_500);
    expect(soFar()).toBe(1);
  });

  it("keeps the least share of the replicas that was ready", () => {
    const { watch, soFar } = watching("capacity");
    const workload = { kind: "Deployment", name: "web", generation: 1, desired: 2 };
    const settled = { ...workload, ready: 2, updated: 2, available: 2 };
    const at = (...ready: readonly string[]) =>
      view({ type: "workload", atMs: 0, workload: settled }, endpointsAt(1, ...ready));
    watch.begin();
    for (const ready of [["web-1"], ["web-1", "web-2"]]) {
      watch.seeCluster(at(...ready), 1);
      watch.seeLoad([]);
    }
    expect(soFar()).toBe(0.5);
  });

  it("leaves to the end what only the whole history can tell", () => {
    const { watch, soFar } = watching("deregistration-latency");
    watch.begin();
    watch.seeLoad(count("browse", 100, 0));
    expect(soFar()).toBeUndefined();
  });
});
