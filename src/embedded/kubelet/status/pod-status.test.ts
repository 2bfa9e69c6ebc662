import { describe, expect, it } from "vitest";
import type { Condition, Pod, PodStatus } from "#embedded/api/objects.ts";
import {
  aContainer,
  aPod,
  aSidecar,
  aView,
  exited,
  RUNNING,
} from "#embedded/kubelet/testing/a-pod.ts";
import { isTerminal, mergeStatus, podStatus, type Stage } from "./pod-status.ts";
import type { PodView } from "./pod-view.ts";

function statusOf(view: PodView, stage: Stage = "syncing"): PodStatus {
  return podStatus({ ...view, stage, hostIP: "127.1.0.11", startedAtMs: 0, nowMs: 5_999 });
}

/** `Type=Status/Reason` of each condition. */
function conditionsOf(status: PodStatus): readonly string[] {
  return (status.conditions ?? []).map(
    ({ type, status, reason }) => `${type}=${status}${reason === undefined ? "" : `/${reason}`}`,
  );
}

const deleted = (pod: Pod): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, generation: 2, deletionTimestamp: "2026-01-01T00:00:10Z" },
});

describe("podStatus", () => {
  it("describes a pod that has just arrived, as a node does", () => {
    expect(statusOf(aView(aPod(), {}, { sandbox: { ready: false } }))).toEqual({
      observedGeneration: 1,
      phase: "Pending",
      conditions: [
        condition("PodReadyToStartContainers", "False"),
        condition("Initialized", "True"),
        { ...condition("Ready", "False"), ...notReady },
        { ...condition("ContainersReady", "False"), ...notReady },
        condition("PodScheduled", "True"),
      ],
      hostIP: "127.1.0.11",
      hostIPs: [{ ip: "127.1.0.11" }],
      startTime: "1970-01-01T00:00:00Z",
      containerStatuses: [
        {
          name: "app",
          state: { waiting: { reason: "ContainerCreating" } },
          lastState: {},
          ready: false,
          restartCount: 0,
          image: "web:1",
          imageID: "",
          started: false,
        },
      ],
      qosClass: "BestEffort",
      resources: {},
    });
  });

  it("tells whom a container runs as from its first start on", () => {
    const user = { uid: 1000, gid: 1000, supplementalGroups: [1000, 27] };
    const view = aView(aPod(), { app: RUNNING });
    const [instance] = view.instances.get("app") ?? [];
    if (instance === undefined) throw new Error("The view has no instance.");
    const instances = new Map([["app", [{ ...instance, user }]]]);
    const [shown] = statusOf({ ...view, instances }).containerStatuses ?? [];
    expect(shown?.["user"]).toEqual({ linux: user });
  });

  it("is Ready as long as a container without a readiness probe runs, also while it is deleted", () => {
    const status = statusOf(aView(deleted(aPod()), { app: RUNNING }), "terminating");
    expect(status.phase).toBe("Running");
    expect(conditionsOf(status)).toContain("Ready=True");
    expect(status.observedGeneration).toBe(2);
  });

  it("is not Ready before the readiness probe has succeeded, nor started before the startup probe", () => {
    const probe = { tcpSocket: { port: 80 } };
    const containers = [aContainer("app", { startupProbe: probe, readinessProbe: probe })];
    const view = (verdict: object) =>
      statusOf(
        aView(
          aPod({ containers }),
          { app: RUNNING },
          { verdicts: new Map([["process://app-0", verdict]]) },
        ),
      ).containerStatuses?.[0];
    expect(view({ readiness: "success" })).toMatchObject({ started: false, ready: false });
    expect(view({ startup: "success" })).toMatchObject({ started: true, ready: false });
    expect(view({ startup: "success", readiness: "success" })).toMatchObject({ ready: true });
  });

  it("ends as Succeeded only if every regular container exited 0", () => {
    const containers = [aContainer("app"), aContainer("log")];
    const ended = (codes: Record<string, number>) => {
      const states = Object.entries(codes).map(([name, code]) => [name, exited(code)]);
      return statusOf(
        aView(deleted(aPod({ containers })), Object.fromEntries(states)),
        "terminated",
      );
    };
    expect(ended({ app: 0, log: 0 }).phase).toBe("Succeeded");
    expect(ended({ app: 0, log: 143 }).phase).toBe("Failed");
    expect(conditionsOf(ended({ app: 0, log: 0 }))).toEqual([
      "PodReadyToStartContainers=False",
      "Initialized=True/PodCompleted",
      "Ready=False/PodCompleted",
      "ContainersReady=False/PodCompleted",
      "PodScheduled=True",
    ]);
    expect(conditionsOf(ended({ app: 137, log: 0 }))).toContain("Ready=False/PodFailed");
  });

  it("does not count how sidecars ended", () => {
    const pod = deleted(aPod({ initContainers: [aSidecar("mesh")] }));
    const status = statusOf(aView(pod, { mesh: exited(137), app: exited(0) }), "terminated");
    expect(status.phase).toBe("Succeeded");
  });

  it("is initialized when the init containers are done and the sidecars have started", () => {
    const initContainers = [aContainer("setup"), aSidecar("mesh")];
    const initialized = (states: Parameters<typeof aView>[1]) =>
      conditionsOf(statusOf(aView(aPod({ initContainers }), states)))[1];
    expect(initialized({})).toBe("Initialized=False/ContainersNotInitialized");
    expect(initialized({ setup: RUNNING })).toBe("Initialized=False/ContainersNotInitialized");
    expect(initialized({ setup: exited(0) })).toBe("Initialized=False/ContainersNotInitialized");
    expect(initialized({ setup: exited(0), mesh: RUNNING })).toBe("Initialized=True");
    // A sidecar that restarts later does not take that back.
    const restarting = { setup: exited(0), mesh: exited(1), app: RUNNING };
    expect(initialized(restarting)).toBe("Initialized=True");
  });

  it("names the containers that are not ready, sidecars first", () => {
    const pod = aPod({ initContainers: [aContainer("setup"), aSidecar("mesh")] });
    const message = statusOf(aView(pod)).conditions?.find(({ type }) => type === "Ready")?.message;
    expect(message).toBe("containers with unready status: [mesh app]");
  });

  it("shows a crash loop as waiting, with the crash as the last state, and the pod as Running", () => {
    const startFailures = new Map([
      ["app", { reason: "CrashLoopBackOff", message: "back-off 10s" }],
    ]);
    const status = statusOf(aView(aPod(), { app: [exited(3), exited(2)] }, { startFailures }));
    expect(status.phase).toBe("Running");
    expect(status.containerStatuses?.[0]).toMatchObject({
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
      lastState: { terminated: { exitCode: 3 } },
      restartCount: 1,
    });
  });

  it("follows the restart policy for what has ended", () => {
    const phase = (restartPolicy: "Always" | "OnFailure" | "Never", exitCode: number) =>
      statusOf(aView(aPod({ restartPolicy }), { app: exited(exitCode) })).phase;
    expect([phase("Always", 0), phase("OnFailure", 1)]).toEqual(["Running", "Running"]);
    expect([phase("OnFailure", 0), phase("Never", 0)]).toEqual(["Succeeded", "Succeeded"]);
    expect(phase("Never", 1)).toBe("Failed");
  });

  it("fails a pod with policy Never whose init container has failed", () => {
    const pod = aPod({ restartPolicy: "Never", initContainers: [aContainer("setup")] });
    expect(statusOf(aView(pod, { setup: exited(1) })).phase).toBe("Failed");
  });

  it("is not initialized for ever when an init container has failed for good", () => {
    const pod = aPod({ restartPolicy: "Never", initContainers: [aContainer("init")] });
    const status = statusOf(aView(pod, { init: exited(1) }), "terminated");
    expect(conditionsOf(status)).toContain("Initialized=False/ContainersNotInitialized");
    expect(status.containerStatuses?.[0]?.state).toEqual({
      waiting: { reason: "PodInitializing" },
    });
  });

  it("says that a container was never found if its pod was terminated before it began", () => {
    const status = statusOf(aView(deleted(aPod())), "terminated");
    expect(status.phase).toBe("Failed");
    expect(status.containerStatuses?.[0]?.state.terminated).toMatchObject({
      exitCode: 137,
      reason: "ContainerStatusUnknown",
    });
  });

  it("first tells that it never began, and that it failed only when nothing of it is left", () => {
    const view = aView(deleted(aPod()));
    const [stopped, terminated] = [statusOf(view, "stopped"), statusOf(view, "terminated")];
    expect([stopped.phase, terminated.phase]).toEqual(["Pending", "Failed"]);
    expect(stopped.containerStatuses?.[0]?.state.waiting?.reason).toBe("ContainerCreating");
    expect(conditionsOf(stopped)).toContain("PodReadyToStartContainers=False");
    expect(conditionsOf(terminated)).toEqual(conditionsOf(stopped));
  });

  it("leaves containers waiting whose turn had not come when the pod was deleted", () => {
    const pod = deleted(aPod({ initContainers: [aContainer("init"), aContainer("next")] }));
    const view = aView(pod, { init: exited(0) });
    const { initContainerStatuses: init, containerStatuses: app } = statusOf(view, "terminated");
    const states = [...(init ?? []), ...(app ?? [])].map(({ state }) => Object.keys(state));
    expect(states).toEqual([["terminated"], ["waiting"], ["waiting"]]);
  });

  it("takes a pod whose time is up for failed while it still runs, and keeps that back", () => {
    const cause = { reason: "DeadlineExceeded", message: "too long" };
    const input = { ...aView(aPod(), { app: RUNNING }), cause, hostIP: "h" };
    const status = podStatus({ ...input, stage: "terminating", startedAtMs: 0, nowMs: 0 });
    expect(conditionsOf(status)).toContain("Ready=False/PodFailed");
    expect(mergeStatus({ phase: "Running" }, status, "terminating").phase).toBe("Running");
  });

  it("carries the cause of a pod that the kubelet itself has ended", () => {
    const cause = { reason: "Terminated", message: "node shutdown" };
    const view = aView(aPod(), { app: exited(0) });
    const input = { ...view, cause, hostIP: "h", startedAtMs: 0, nowMs: 0 };
    const status = podStatus({ ...input, stage: "terminated" });
    expect(status).toMatchObject(cause);
    expect(conditionsOf(status)).toContain("DisruptionTarget=True/TerminationByKubelet");
    expect(podStatus({ ...input, stage: "terminating" }).reason).toBeUndefined();
  });
});

describe("mergeStatus", () => {
  const view = aView(aPod(), { app: exited(0) });
  const status = statusOf({ ...view, pod: aPod({ restartPolicy: "Never" }) });

  it("holds a terminal phase back while something may still run", () => {
    expect(isTerminal(status.phase)).toBe(true);
    expect(mergeStatus({ phase: "Running" }, status, "syncing").phase).toBe("Running");
    expect(mergeStatus({ phase: "Running" }, status, "terminated").phase).toBe("Succeeded");
  });

  it("keeps the conditions of others, and the time of what has not changed", () => {
    const gate: Condition = { type: "example.com/lb", status: "True" };
    const before: Condition[] = [
      gate,
      { type: "Initialized", status: "True", lastTransitionTime: "earlier" },
      { type: "Ready", status: "True", lastTransitionTime: "earlier" },
    ];
    const merged = mergeStatus({ conditions: before }, status, "syncing").conditions ?? [];
    const timeOf = (type: string) => merged.find((each) => each.type === type)?.lastTransitionTime;
    expect(merged).toContain(gate);
    expect([timeOf("Initialized"), timeOf("Ready")]).toEqual(["earlier", "1970-01-01T00:00:05Z"]);
  });

  it("never changes the start time, nor forgets the address", () => {
    const stored = { startTime: "before", podIP: "127.1.1.9", podIPs: [{ ip: "127.1.1.9" }] };
    const early = statusOf(aView(aPod(), {}, { sandbox: { ready: true } }));
    expect(mergeStatus(stored, early, "syncing")).toMatchObject(stored);
  });
});

const notReady = {
  reason: "ContainersNotReady",
  message: "containers with unready status: [app]",
};

function condition(type: string, status: Condition["status"]): Condition {
  const lastTransitionTime = "1970-01-01T00:00:05Z";
  return { type, observedGeneration: 1, status, lastProbeTime: null, lastTransitionTime };
}
