import { describe, expect, it } from "vitest";
import { EMPTY_VIEW, foldObservation } from "#domain/cluster-view.ts";
import { podTroubles } from "./pod-trouble.ts";
import { anUnreadyPod, aReadyPod, podAt, warningAt } from "./testing/a-cluster.ts";

describe("podTroubles", () => {
  const named = (name: string) => ({ name, uid: name });
  const troublesOf = (...observations: Parameters<typeof foldObservation>[1][]) =>
    podTroubles(observations.reduce(foldObservation, EMPTY_VIEW));

  it("names the hopeless first, then those of whom the cluster says something", () => {
    const troubles = troublesOf(
      podAt(0, anUnreadyPod({}, named("a-starts"))),
      podAt(0, anUnreadyPod({ state: "running" }, named("b-probed"))),
      warningAt(0, "pod/b-probed", ["Unhealthy", "Readiness probe failed: refused"]),
      podAt(0, anUnreadyPod({ reason: "ErrImagePull" }, named("c-hopeless"))),
    );
    expect(troubles.map(({ pod }) => pod.name)).toEqual(["c-hopeless", "b-probed", "a-starts"]);
  });

  it("is not about pods that are ready, leaving or ended", () => {
    const leaving = { ...named("leaving"), deletionTimestamp: "2026-11-24T02:00:00Z" };
    const troubles = troublesOf(
      podAt(0, aReadyPod("ready")),
      podAt(0, anUnreadyPod({}, leaving)),
      podAt(0, anUnreadyPod({}, { ...named("ended"), phase: "Failed" })),
    );
    expect(troubles).toEqual([]);
  });

  it("points at the container that cannot start, not at one that waits for it", () => {
    const waiting = { name: "app", ready: false, restartCount: 0, state: "waiting" } as const;
    const failing = {
      ...waiting,
      name: "migrate",
      state: "terminated",
      reason: "StartError",
    } as const;
    const [trouble] = troublesOf(podAt(0, anUnreadyPod({}, { containers: [waiting, failing] })));
    expect(trouble).toMatchObject({
      container: { name: "migrate" },
      cause: "start",
      hopeless: true,
    });
  });

  it("does not hold a start that failed against a container that runs now", () => {
    const recovered = {
      state: "running",
      previousExit: { exitCode: 128, reason: "StartError" },
    } as const;
    const [trouble] = troublesOf(podAt(0, anUnreadyPod(recovered)));
    expect(trouble).toMatchObject({ cause: "probe", hopeless: false });
  });

  it.each([
    ["ErrImagePull", "rpc error: pull access denied, repository does not exist", true],
    ["ErrImagePull", "rpc error: dial tcp 10.0.0.1:443: i/o timeout", false],
    ["ImagePullBackOff", "Back-off: ErrImagePull: toomanyrequests: rate limit", false],
  ])("knows of %s with %j whether the next pull may succeed", (reason, message, hopeless) => {
    const [trouble] = troublesOf(podAt(0, anUnreadyPod({ reason, message })));
    expect(trouble).toMatchObject({ cause: "image", hopeless });
  });

  it("takes a container that is being created for no fault of its probe", () => {
    const [trouble] = troublesOf(podAt(0, anUnreadyPod({ reason: "ContainerCreating" })));
    expect(trouble).toMatchObject({ cause: "creation", hopeless: false });
  });
});
