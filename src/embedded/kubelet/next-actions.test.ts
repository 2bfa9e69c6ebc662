import { describe, expect, it } from "vitest";
import type { PodSpec } from "#embedded/api/objects.ts";
import { nextActions } from "./next-actions.ts";
import type { ProbeVerdicts } from "./status/pod-view.ts";
import { aContainer, aPod, aSidecar, aView, exited, RUNNING } from "./testing/a-pod.ts";

describe("nextActions", () => {
  /** What is started and killed, by name; `stop` when the pod is over. */
  function next(
    spec: Partial<PodSpec>,
    states: Parameters<typeof aView>[1],
    verdicts: Record<string, ProbeVerdicts> = {},
  ) {
    const byId = Object.entries(verdicts).map(
      ([name, verdict]) => [`process://${name}-0`, verdict] as const,
    );
    const view = aView(aPod(spec), states, { verdicts: new Map(byId) });
    const { start, kill, stopPod } = nextActions(view);
    return [
      ...(stopPod ? ["stop"] : []),
      ...kill.map(({ message }) => `kill: ${message}`),
      ...start.map(({ name }) => `start ${name}`),
    ];
  }

  const initContainers = [aContainer("one"), aSidecar("mesh"), aContainer("two")];
  const containers = [aContainer("app"), aContainer("log")];

  it("starts init containers one at a time and regular ones together", () => {
    const spec = { initContainers, containers };
    expect(next(spec, {})).toEqual(["start one"]);
    expect(next(spec, { one: RUNNING })).toEqual([]);
    expect(next(spec, { one: exited(0) })).toEqual(["start mesh"]);
    expect(next(spec, { one: exited(0), mesh: RUNNING })).toEqual(["start two"]);
    const done = { one: exited(0), mesh: RUNNING, two: exited(0) };
    expect(next(spec, done)).toEqual(["start app", "start log"]);
    expect(next(spec, { ...done, app: RUNNING, log: RUNNING })).toEqual([]);
  });

  it("starts an ephemeral container once, whatever the others do", () => {
    const ephemeralContainers = [aContainer("look")];
    const spec = { initContainers: [aContainer("one")], ephemeralContainers };
    expect(next(spec, { one: RUNNING })).toEqual(["start look"]);
    expect(next({ ephemeralContainers }, { app: RUNNING, look: exited(1) })).toEqual([]);
    const over = { app: exited(0), look: RUNNING };
    expect(next({ ephemeralContainers, restartPolicy: "Never" }, over)).toEqual(["stop"]);
  });

  it("waits for the startup probe of a sidecar", () => {
    const mesh = aSidecar("mesh", { startupProbe: { tcpSocket: { port: 1 } } });
    const spec = { initContainers: [mesh] };
    expect(next(spec, { mesh: RUNNING })).toEqual([]);
    expect(next(spec, { mesh: RUNNING }, { mesh: { startup: "success" } })).toEqual(["start app"]);
  });

  it("repeats a failed init container, unless nothing may be restarted", () => {
    const spec = { initContainers: [aContainer("one")] };
    expect(next(spec, { one: exited(1) })).toEqual(["start one"]);
    expect(next({ ...spec, restartPolicy: "Never" }, { one: exited(1) })).toEqual(["stop"]);
  });

  it("restarts what has ended as the policy says", () => {
    const ended = { app: exited(0), log: exited(1) };
    expect(next({ containers }, ended)).toEqual(["start app", "start log"]);
    expect(next({ containers, restartPolicy: "OnFailure" }, ended)).toEqual(["start log"]);
    expect(next({ containers, restartPolicy: "Never" }, ended)).toEqual(["stop"]);
  });

  it("restarts a sidecar whatever the policy, but not when the work is done", () => {
    const initContainers = [aSidecar("mesh")];
    const spec: Partial<PodSpec> = { restartPolicy: "Never", initContainers };
    expect(next(spec, { mesh: exited(0), app: RUNNING })).toEqual(["start mesh"]);
    expect(next(spec, { mesh: exited(0), app: exited(0) })).toEqual(["stop"]);
    expect(next(spec, { mesh: RUNNING, app: exited(0) })).toEqual(["stop"]);
  });

  it("kills and restarts what its liveness or startup probe has given up", () => {
    expect(next({}, { app: RUNNING }, { app: { liveness: "failure" } })).toEqual([
      "kill: Container app failed liveness probe, will be restarted",
      "start app",
    ]);
    expect(next({}, { app: RUNNING }, { app: { startup: "failure" } })).toEqual([
      "kill: Container app failed startup probe, will be restarted",
      "start app",
    ]);
    const never = { containers, restartPolicy: "Never" } as const;
    expect(next(never, { app: RUNNING, log: RUNNING }, { app: { liveness: "failure" } })).toEqual([
      "kill: Container app failed liveness probe",
    ]);
  });

  it("replaces a container whose image has been changed in place", () => {
    expect(next({ containers: [aContainer("app", { image: "web:2" })] }, { app: RUNNING })).toEqual(
      ["kill: Container app definition changed, will be restarted", "start app"],
    );
  });

  it("starts nothing once the pod is being deleted", () => {
    const pod = aPod({}, { deletionTimestamp: "2026-01-01T00:00:00Z" });
    expect(nextActions(aView(pod, { app: exited(1) })).start).toEqual([]);
  });
});
