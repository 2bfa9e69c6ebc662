import type { Condition, KubeObject, Pod } from "#embedded/api/objects.ts";
import { copyJson, isObject } from "#embedded/apiserver/json/copy-json.ts";
import { badRequest, conflict, invalidObject } from "#embedded/apiserver/status/refusals.ts";
import { keyOf } from "#embedded/apiserver/store/store.ts";
import { required } from "#embedded/apiserver/validation/problem.ts";
import { getObject, type ObjectName } from "./read-objects.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import { type ServerContext, timestamp } from "./server-context.ts";

/** The binding subresource: the scheduler's one write, which puts a pod on a node for good. */
export function bindPod(
  context: ServerContext,
  pods: ResourceDefinition,
  {
    binding,
    dryRun,
    ...name
  }: ObjectName & { readonly binding: unknown; readonly dryRun?: boolean },
): KubeObject {
  const nodeName = targetOf(binding);
  const pod = copyJson(getObject(context, pods, name)) as Pod;
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw conflict(
      pods,
      name.name,
      `pod ${name.name} is being deleted, cannot be assigned to a host`,
    );
  }
  if ((pod.spec.nodeName ?? "") !== "") {
    throw conflict(
      pods,
      name.name,
      `pod ${name.name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`,
    );
  }
  pod.spec.nodeName = nodeName;
  const scheduled: Condition = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: timestamp(context.nowMs()),
  };
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
  pod.status.conditions = [...others, scheduled];
  return dryRun === true ? pod : context.store.write(pods.collection, keyOf(pod), pod);
}

function targetOf(binding: unknown): string {
  if (!isObject(binding)) throw badRequest("the object provided is unrecognized (must be Binding)");
  const target = binding["target"];
  const name = isObject(target) ? target["name"] : undefined;
  if (typeof name === "string" && name !== "") return name;
  throw invalidObject({ group: "", kind: "Binding" }, "", [required("target.name")]);
}
