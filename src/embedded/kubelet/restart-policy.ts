import type { Container, Pod } from "#embedded/api/objects.ts";
import type { ContainerInstance } from "./status/pod-view.ts";

/** An init container that is started in its turn but then runs as long as the pod does. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}

/** Every container of the pod that has a readiness of its own: sidecars first, then the regular ones. */
export function longRunningContainers(pod: Pod): readonly Container[] {
  return [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers];
}

/** Whether the container should run (again). A pod that is being deleted restarts nothing. */
export function shouldStart(
  container: Container,
  pod: Pod,
  current: ContainerInstance | undefined,
): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  if (current === undefined) return true;
  if (current.state.type === "running") return false;
  switch (isSidecar(container) ? "Always" : (pod.spec.restartPolicy ?? "Always")) {
    case "Always":
      return true;
    case "OnFailure":
      return current.state.exitCode !== 0;
    case "Never":
      return false;
  }
}
