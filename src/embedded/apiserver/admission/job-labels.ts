import type { KubeObject } from "#embedded/api/objects.ts";
import { objectAt } from "#embedded/apiserver/json/fill-in.ts";

/** A Job finds its pods by its own uid, so two Jobs of one name never share any. */
export function labelJobPods(draft: KubeObject): void {
  const spec = objectAt(draft, "spec");
  if (spec["manualSelector"] === true) return;
  const { uid, name } = draft.metadata;
  const owned = {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  };
  const metadata = objectAt(objectAt(spec, "template"), "metadata");
  const labels = Object.assign(objectAt(metadata, "labels"), owned);
  spec["selector"] = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
  if (Object.keys(draft.metadata.labels ?? {}).length === 0) {
    draft.metadata.labels = { ...(labels as Record<string, string>) };
  }
}
