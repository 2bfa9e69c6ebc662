import type { Container, Pod, PodSpec } from "#embedded/api/objects.ts";
import type {
  ContainerInstance,
  InstanceState,
  PodView,
} from "#embedded/kubelet/status/pod-view.ts";

/** A pod object with one container `app` unless the spec says otherwise. */
export function aPod(spec: Partial<PodSpec> = {}, metadata: Partial<Pod["metadata"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...{ name: "web", namespace: "test", uid: "uid-1", resourceVersion: "1", generation: 1 },
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...metadata,
    },
    spec: { containers: [aContainer("app")], ...spec },
    status: {},
  };
}

export function aContainer(name: string, rest: Partial<Container> = {}): Container {
  return { name, image: "web:1", ...rest };
}

export function aSidecar(name: string, rest: Partial<Container> = {}): Container {
  return aContainer(name, { restartPolicy: "Always", ...rest });
}

export const RUNNING: InstanceState = { type: "running", startedAtMs: 1_000 };

export function exited(exitCode: number): InstanceState {
  const reason = exitCode === 0 ? "Completed" : "Error";
  return { type: "exited", startedAtMs: 1_000, finishedAtMs: 2_000, exitCode, reason };
}

/** What the kubelet knows of `pod`: the states of its containers, newest first, by name. */
export function aView(
  pod: Pod,
  states: Readonly<Record<string, InstanceState | readonly InstanceState[]>> = {},
  rest: Partial<PodView> = {},
): PodView {
  const instances = Object.entries(states).map(([name, state]) => {
    const all = [state].flat() as readonly InstanceState[];
    return [
      name,
      all.map((each, index) => anInstance(name, each, all.length - 1 - index)),
    ] as const;
  });
  return {
    pod,
    instances: new Map(instances),
    verdicts: new Map(),
    startFailures: new Map(),
    sandbox: { ready: true, ip: "127.1.1.1" },
    ...rest,
  };
}

function anInstance(name: string, state: InstanceState, restartCount: number): ContainerInstance {
  const id = `process://${name}-${restartCount}`;
  return { id, name, image: "web:1", imageID: "directory:///web", restartCount, state };
}
