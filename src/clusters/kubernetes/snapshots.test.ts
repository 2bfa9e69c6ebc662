import { describe, expect, it } from "vitest";
import type {
  ApiContainer,
  ApiEndpointSlice,
  ApiEvent,
  ApiPod,
  ApiWorkload,
} from "./api-objects.ts";
import { endpointSnapshots } from "./endpoint-snapshots.ts";
import { eventObservation } from "./observed-resources.ts";
import { podSnapshot } from "./pod-snapshot.ts";
import { fixture } from "./testing/fixture.ts";
import { workloadSnapshot } from "./workload-snapshot.ts";

describe("podSnapshot", () => {
  it("reads a running pod", () => {
    expect(podSnapshot(fixture<ApiPod>("pod-running"))).toEqual({
      name: "web-7cf5948b45-5m2j6",
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      node: "node-a",
      ip: expect.stringMatching(/^10\./),
      revision: "7cf5948b45",
      phase: "Running",
      ready: true,
      terminationGracePeriodSeconds: 10,
      preStopSleepSeconds: 2,
      containers: [
        {
          name: "app",
          ready: true,
          restartCount: 0,
          state: "running",
          image: "registry.k8s.io/e2e-test-images/agnhost:2.59",
          imageId: "sha256:5da14253f2352f070d1f1b6fa9e0b317e0ac31c34105422306e2594ea2b49f2c",
          startedAt: expect.stringMatching(/Z$/),
          setup: {
            sidecar: false,
            preStop: { type: "sleep", seconds: 2 },
            readinessProbe: { periodSeconds: 1, failureThreshold: 3 },
          },
        },
      ],
    });
  });

  it("keeps the exit code and the deletion of a pod that has ended and is still listed", () => {
    expect(podSnapshot(fixture<ApiPod>("pod-terminating-exited"))).toMatchObject({
      phase: "Succeeded",
      ready: false,
      deletionTimestamp: "2026-11-24T02:24:29Z",
      deletionGracePeriodSeconds: 10,
      containers: [
        { state: "terminated", exitCode: 0, reason: "Completed", finishedAt: expect.any(String) },
      ],
    });
  });

  it("lists a sidecar, which ends with the pod", () => {
    const { containers } = podSnapshot(fixture<ApiPod>("pod-with-sidecar-exited"));
    expect(containers.map(({ name, state, setup }) => [name, state, setup?.sidecar])).toEqual([
      ["app", "terminated", false],
      ["mesh", "terminated", true],
    ]);
  });

  it("lists another init container only until it has done its work", () => {
    const pod = fixture<ApiPod>("pod-with-sidecar-exited");
    const initContainers = pod.spec.initContainers?.map(({ name }) => ({ name })) ?? [];
    const ordinary = { ...pod, spec: { ...pod.spec, initContainers } };
    expect(podSnapshot(ordinary).containers.map(({ name }) => name)).toEqual(["app"]);
  });

  it("keeps how the previous incarnation of a restarted container ended", () => {
    const [app] = podSnapshot(fixture<ApiPod>("pod-restarted-by-liveness")).containers;
    expect(app).toMatchObject({
      state: "running",
      restartCount: 1,
      previousExit: { exitCode: 0, reason: "Completed" },
    });
  });

  it("keeps why a container waits", () => {
    const pod = fixture<ApiPod>("pod-running");
    const waiting = { reason: "ErrImagePull", message: "pull access denied" };
    const status = { name: "app", ready: false, restartCount: 0, state: { waiting } };
    const pulling = { ...pod, status: { ...pod.status, containerStatuses: [status] } };
    expect(podSnapshot(pulling).containers).toMatchObject([
      { name: "app", ready: false, restartCount: 0, state: "waiting", ...waiting },
    ]);
  });

  const preStops: readonly [object | undefined, number | undefined][] = [
    [{ sleep: { seconds: 7 } }, 7],
    [{ exec: { command: ["sleep", "5"] } }, 5],
    [{ exec: { command: ["/bin/sh", "-c", "sleep 2.5"] } }, 2.5],
    [{ exec: { command: ["sh", "-c", "sleep 5; nginx -s quit"] } }, undefined],
    [{ httpGet: { path: "/drain", port: 80 } }, undefined],
    [undefined, undefined],
  ];
  it.each(preStops)("understands the preStop hook %j as a sleep of %s s", (preStop, seconds) => {
    const pod = fixture<ApiPod>("pod-running");
    const container = { name: "app", lifecycle: { preStop } } as ApiContainer; // a hook may be anything
    const hooked = { ...pod, spec: { ...pod.spec, containers: [container] } };
    expect(podSnapshot(hooked).preStopSleepSeconds).toBe(seconds);
  });
});

describe("endpointSnapshots", () => {
  it("tells a terminating endpoint, which still serves, from a ready one", () => {
    const endpoints = endpointSnapshots(fixture<ApiEndpointSlice>("endpointslice-one-terminating"));
    expect(endpoints.find(({ terminating }) => terminating)).toEqual({
      address: expect.stringMatching(/^10\./),
      pod: expect.stringMatching(/^web-/),
      ready: false,
      serving: true,
      terminating: true,
    });
    expect(endpoints.some(({ ready, terminating }) => ready && !terminating)).toBe(true);
  });

  it("takes unset conditions for what the API says they mean", () => {
    const slice = { endpoints: [{ addresses: ["10.0.0.1"] }] } as unknown as ApiEndpointSlice; // metadata is not read
    expect(endpointSnapshots(slice)).toEqual([
      { address: "10.0.0.1", ready: true, serving: true, terminating: false },
    ]);
  });

  it("reads a slice without endpoints as empty", () => {
    expect(endpointSnapshots({ endpoints: null } as unknown as ApiEndpointSlice)).toEqual([]); // as above
  });
});

describe("workloadSnapshot", () => {
  it("counts what a Deployment's status leaves out as none", () => {
    const deployment = fixture<ApiWorkload>("deployment-mid-rollout");
    expect(workloadSnapshot("Deployment", deployment)).toEqual({
      kind: "Deployment",
      name: "web",
      generation: 2,
      observedGeneration: 2,
      desired: 3,
      ready: 3,
      updated: 0,
      available: 3,
      revision: "2",
      minReadySeconds: 0,
      maxUnavailable: 0,
    });
  });

  it("reads a StatefulSet's revision from its status", () => {
    const set = fixture<ApiWorkload>("statefulset-settled");
    expect(workloadSnapshot("StatefulSet", set)).toMatchObject({
      desired: 3,
      updated: 3,
      available: 3,
      revision: expect.stringMatching(/^web-/),
    });
  });

  it("reads a DaemonSet's counts under their own names", () => {
    const set = fixture<ApiWorkload>("daemonset-settled");
    expect(workloadSnapshot("DaemonSet", set)).toMatchObject({
      desired: 1,
      ready: 1,
      updated: 1,
      available: 1,
    });
  });
});

describe("eventObservation", () => {
  it("keeps the kubelet's own words", () => {
    expect(eventObservation(fixture<ApiEvent>("event-unhealthy"), 12)).toEqual({
      type: "event",
      atMs: 12,
      about: expect.stringMatching(/^pod\/web-/),
      severity: "Warning",
      reason: "Unhealthy",
      message: expect.stringMatching(/^Readiness probe failed: /),
    });
  });
});
