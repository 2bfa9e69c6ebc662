import type { Container, Pod } from "#embedded/api/objects.ts";
import { parseQuantity } from "#embedded/api/quantity.ts";
import type { EventText } from "./events.ts";

/** What becomes of a running container whose spec asks for other resources than it has. */
export type Resize = "none" | "in-place" | "restart";

/** Compares what the container has with what it should have; its `resizePolicy` says whether that needs a restart. */
export function resizeOf(had: Container["resources"], { resources, ...rest }: Container): Resize {
  const policies = (rest["resizePolicy"] ?? []) as readonly ResizePolicy[];
  const changed = (["cpu", "memory"] as const).filter((name) =>
    (["requests", "limits"] as const).some((kind) => {
      const [before, after] = [had?.[kind]?.[name], resources?.[kind]?.[name]];
      return before !== after && parseQuantity(before ?? "") !== parseQuantity(after ?? "");
    }),
  );
  if (changed.length === 0) return "none";
  const restarts = policies.some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === "RestartContainer" && changed.some((name) => name === resourceName),
  );
  return restarts ? "restart" : "in-place";
}

interface ResizePolicy {
  readonly resourceName: string;
  readonly restartPolicy: string;
}

/** The two events of a resize. Nothing stands between them here: a node always has what is asked for. */
export function resizeEvents({ metadata, spec }: Pod): readonly EventText[] {
  const amounts = (containers: readonly Container[] = []) =>
    containers.map(({ name, resources = {} }) => ({ name, resources }));
  const { initContainers = [] } = spec;
  const summary = JSON.stringify({
    ...(initContainers.length === 0 ? {} : { initContainers: amounts(initContainers) }),
    containers: amounts(spec.containers),
    generation: metadata.generation,
  });
  return [
    { type: "Normal", reason: "ResizeStarted", message: `Pod resize started: ${summary}` },
    { type: "Normal", reason: "ResizeCompleted", message: `Pod resize completed: ${summary}` },
  ];
}
