import type { KubeObject, LabelSelector } from "#embedded/api/objects.ts";
import { copyJson, isObject } from "#embedded/apiserver/json/copy-json.ts";
import { objectAt } from "#embedded/apiserver/json/fill-in.ts";
import { formatLabelSelector } from "#embedded/apiserver/selectors/label-selector.ts";
import { badRequest, invalidObject } from "#embedded/apiserver/status/refusals.ts";
import { invalid } from "#embedded/apiserver/validation/problem.ts";
import type { Authorship } from "./managed-fields.ts";
import { applyPatch, type Patch } from "./patch-object.ts";
import { getObject, type ObjectName } from "./read-objects.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import type { ServerContext } from "./server-context.ts";
import { replaceObject } from "./update-object.ts";

/** The `autoscaling/v1` view of a workload: how many pods there should be, are, and how to find them. */
export function getScale(
  context: ServerContext,
  definition: ResourceDefinition,
  name: ObjectName,
): KubeObject {
  return scaleOf(getObject(context, definition, name));
}

type ScaleWrite = ObjectName & { readonly dryRun?: boolean; readonly authorship?: Authorship };

/** Sets the replica count, and nothing else, through a Scale object. */
export function updateScale(
  context: ServerContext,
  definition: ResourceDefinition,
  request: ScaleWrite & { readonly scale: unknown },
): KubeObject {
  const { scale, dryRun = false, authorship, ...name } = request;
  const current = getObject(context, definition, name);
  if (!isObject(scale))
    throw badRequest("the object provided is unrecognized (must be of type Scale)");
  const spec = isObject(scale["spec"]) ? scale["spec"] : {};
  const replicas = Number(spec["replicas"] ?? 0);
  if (!Number.isInteger(replicas) || replicas < 0) {
    throw invalidObject({ group: "autoscaling", kind: "Scale" }, name.name, [
      invalid("spec.replicas", spec["replicas"], "must be greater than or equal to 0"),
    ]);
  }
  const draft = copyJson(current);
  const metadata = isObject(scale["metadata"]) ? scale["metadata"] : {};
  draft.metadata.resourceVersion = String(metadata["resourceVersion"] ?? "");
  objectAt(draft, "spec")["replicas"] = replicas;
  const replacement = { current, draft, part: "main", dryRun, authorship } as const;
  return scaleOf(replaceObject(context, definition, replacement));
}

/** The patch is written against the Scale, as `kubectl scale` does. */
export function patchScale(
  context: ServerContext,
  definition: ResourceDefinition,
  request: ScaleWrite & { readonly patch: Patch },
): KubeObject {
  const { patch, ...rest } = request;
  const before = getScale(context, definition, rest);
  const scale = applyPatch({ kind: "Scale", isCustom: false }, before, patch);
  return updateScale(context, definition, { ...rest, scale });
}

function scaleOf({ metadata, spec, status }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const { replicas = 0, selector } = (spec ?? {}) as {
    readonly replicas?: number;
    readonly selector?: LabelSelector | Record<string, string>;
  };
  const { replicas: current = 0 } = (status ?? {}) as { readonly replicas?: number };
  return copyJson({
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: current, selector: selectorText(selector) },
  }) as KubeObject;
}

/** A ReplicationController still has the old, plain form of selector. */
function selectorText(selector: LabelSelector | Record<string, string> | undefined): string {
  if (selector === undefined) return "";
  const isStructured = "matchLabels" in selector || "matchExpressions" in selector;
  return formatLabelSelector(
    isStructured
      ? (selector as LabelSelector)
      : { matchLabels: selector as Record<string, string> },
  );
}
