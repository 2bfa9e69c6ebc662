import type { KubeObject } from "#embedded/api/objects.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";

const ANNOTATION = "deprecated.daemonset.template.generation";

/** A DaemonSet numbers its templates; its pods carry the number as a label. */
export function countTemplateChanges(draft: KubeObject, old?: KubeObject): void {
  const before = Number(old?.metadata.annotations?.[ANNOTATION] ?? 0);
  const changed = old === undefined || !equalJson(templateOf(draft), templateOf(old));
  const annotations = draft.metadata.annotations ?? {};
  draft.metadata.annotations = { ...annotations, [ANNOTATION]: String(before + (changed ? 1 : 0)) };
}

function templateOf({ spec }: KubeObject): unknown {
  return (spec as { template?: unknown } | undefined)?.template;
}
