import type { Container } from "#embedded/api/objects.ts";
import { currentInstance, type PodView } from "./pod-view.ts";

/** Running, and past its startup probe if it has one. */
export function isStarted(container: Container, view: PodView): boolean {
  const current = currentInstance(view, container.name);
  if (current?.state.type !== "running") return false;
  return (
    container.startupProbe === undefined || view.verdicts.get(current.id)?.startup === "success"
  );
}

/** Without a readiness probe a container is ready as long as it runs, also while its pod is deleted. */
export function isReady(container: Container, view: PodView): boolean {
  const current = currentInstance(view, container.name);
  if (current === undefined || !isStarted(container, view)) return false;
  return (
    container.readinessProbe === undefined || view.verdicts.get(current.id)?.readiness === "success"
  );
}
