import { HarnessError } from "#domain/errors.ts";
import { workloadRef } from "#domain/object-ref.ts";
import type { KubernetesObject, WorkloadRef } from "#domain/workload.ts";
import type { ObjectPatch } from "#ports/cluster-objects.ts";
import { awaitRollout } from "./await-rollout.ts";
import { changeField } from "./change-field.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { generationOf } from "./rolling-update.ts";

/** Goes back to the revision before the present one, as `kubectl rollout undo` does. */
export async function performRolloutUndo(
  workload: WorkloadRef,
  context: DisruptionContext,
): Promise<void> {
  const old = [...context.observed.view.pods.keys()];
  const patch = await patchToPrevious(workload, context);
  const changed = await changeField(
    {
      object: workloadRef(workload),
      path: "/spec/template",
      patch,
      verb: "patch",
      describe: (answer) => `undone as generation ${generationOf(answer)}`,
    },
    context,
  );
  if (changed === undefined) throw noRevision(workload, "the one before is the same");
  await awaitRollout({ workload, generation: generationOf(changed), old }, context);
}

/** A ReplicaSet has the template itself; a ControllerRevision has the patch that leads back to it. */
async function patchToPrevious(
  workload: WorkloadRef,
  { cluster, signal }: DisruptionContext,
): Promise<ObjectPatch> {
  const kind = workload.kind === "Deployment" ? "ReplicaSet" : "ControllerRevision";
  const { namespace } = workload;
  const [owner, all] = await Promise.all([
    cluster.readObject(workloadRef(workload), signal),
    cluster.listObjects({ apiVersion: "apps/v1", kind, namespace }, signal),
  ]);
  const uid = uidOf(owner);
  const revisions = all
    .filter((object) => ownersOf(object).some((one) => one.uid === uid))
    .toSorted((a, b) => revisionOf(b) - revisionOf(a));
  const previous = revisions[1];
  if (previous === undefined) throw noRevision(workload, "this is its first");
  if (kind === "ControllerRevision") {
    return { type: "strategic", body: previous["data"] as object }; // `{ spec: { template, $patch } }`
  }
  return {
    type: "json",
    body: [{ op: "replace", path: "/spec/template", value: template(previous) }],
  };
}

function template(replicaSet: KubernetesObject): object {
  const spec = replicaSet["spec"] as {
    readonly template: { readonly metadata?: { readonly labels?: Record<string, string> } };
  }; // a ReplicaSet of the API
  const { "pod-template-hash": _, ...labels } = spec.template.metadata?.labels ?? {};
  return { ...spec.template, metadata: { ...spec.template.metadata, labels } };
}

interface OwnedMetadata {
  readonly uid?: string;
  readonly ownerReferences?: readonly { readonly uid: string }[];
}

function uidOf(object: KubernetesObject | undefined): string | undefined {
  return (object?.metadata as OwnedMetadata | undefined)?.uid; // the API's metadata
}

function ownersOf(object: KubernetesObject) {
  return (object.metadata as OwnedMetadata).ownerReferences ?? []; // the API's metadata
}

function revisionOf(object: KubernetesObject): number {
  const stated =
    object["revision"] ?? object.metadata.annotations?.["deployment.kubernetes.io/revision"];
  return Number(stated ?? 0);
}

function noRevision({ kind, namespace, name }: WorkloadRef, why: string): HarnessError {
  return new HarnessError(
    "NO_PREVIOUS_REVISION",
    `Could not undo the last rollout of ${kind} ${namespace}/${name}: ${why}.`,
    {
      hint: "Perform an update before it in the same scenario; `kubectl rollout history` shows what there is.",
    },
  );
}
