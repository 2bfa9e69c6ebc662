import type { KubeObject, Pod, Toleration } from "#embedded/api/objects.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { forbiddenFor } from "#embedded/apiserver/status/refusals.ts";

interface RuntimeClass extends KubeObject {
  readonly overhead?: { readonly podFixed?: Readonly<Record<string, string>> };
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
  };
}

/**
 * Adds what the pod's RuntimeClass says of its overhead and its nodes; one that is not there is refused. The
 * handler is not looked at: all containers are made in the same way here.
 */
export function applyRuntimeClass({ metadata, spec }: Pod, { store }: ServerContext): void {
  const name = spec["runtimeClassName"];
  if (typeof name !== "string" || name === "") return;
  const found = store.get("node.k8s.io/runtimeclasses", name);
  if (found === undefined) {
    const why = `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`;
    throw forbiddenFor({ group: "", plural: "pods" }, metadata.name, { why });
  }
  const { overhead, scheduling } = found as RuntimeClass;
  if (overhead?.podFixed !== undefined) spec["overhead"] = { ...overhead.podFixed };
  if (scheduling?.nodeSelector !== undefined) {
    spec.nodeSelector = { ...spec.nodeSelector, ...scheduling.nodeSelector };
  }
  if (scheduling?.tolerations !== undefined) {
    spec.tolerations = [...(spec.tolerations ?? []), ...scheduling.tolerations];
  }
}
