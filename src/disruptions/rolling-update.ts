import type { Disruption } from "#domain/disruption.ts";
import { HarnessError } from "#domain/errors.ts";
import { workloadRef } from "#domain/object-ref.ts";
import type { RolloutChange } from "#domain/rollout-change.ts";
import type { KubernetesObject, WorkloadRef } from "#domain/workload.ts";
import { awaitRollout } from "./await-rollout.ts";
import { changeField } from "./change-field.ts";
import type { DisruptionContext } from "./disruption-context.ts";

/** The annotation that makes the template new; its value says which run wanted it, and when in the run. */
const RESTARTED_AT = "lastcall.dev/restarted-at";

type RollingUpdate = Extract<Disruption, { type: "rolling-update" }>;

/**
 * Changes the pod template: by a new annotation as `kubectl rollout restart` does, or by what is asked
 * for. Waits until every pod of before is gone and the workload has settled.
 */
export async function performRollingUpdate(
  { workload, change = { type: "restart" } }: RollingUpdate,
  context: DisruptionContext,
): Promise<void> {
  const old = [...context.observed.view.pods.keys()];
  const template = await templatePatch(workload, change, context);
  const changed = await changeField(
    {
      object: workloadRef(workload),
      path: "/spec/template",
      patch: { type: "strategic", body: { spec: { template } } },
      verb: "patch",
      ...(change.type === "restart" && { stays: true as const }),
      describe: (answer) => `accepted as generation ${generationOf(answer)}`,
    },
    context,
  );
  if (changed === undefined) throw nothingNew(workload, change);
  await awaitRollout({ workload, generation: generationOf(changed), old }, context);
}

/** The generation that the API server gave to the last change of the spec. */
export function generationOf(object: KubernetesObject): number {
  return (object.metadata as { readonly generation?: number }).generation ?? 0; // the API's metadata has it
}

async function templatePatch(
  workload: WorkloadRef,
  change: RolloutChange,
  context: DisruptionContext,
): Promise<object> {
  switch (change.type) {
    case "restart": {
      const stamp = `${context.runId}+${Math.round(context.clock.nowMs())}ms`;
      return { metadata: { annotations: { [RESTARTED_AT]: stamp } } };
    }
    case "annotation":
      return { metadata: { annotations: { [change.name]: change.value } } };
    case "image": {
      const name = await containerName(workload, change.container, context);
      return { spec: { containers: [{ name, image: change.image }] } };
    }
    case "env": {
      const name = await containerName(workload, change.container, context);
      // A variable that was taken from elsewhere has no value beside its source.
      const variable = { name: change.name, value: change.value, valueFrom: null };
      return { spec: { containers: [{ name, env: [variable] }] } };
    }
  }
}

interface WorkloadSpec {
  readonly template?: { readonly spec?: { readonly containers?: readonly { name: string }[] } };
}

async function containerName(
  workload: WorkloadRef,
  wanted: string | undefined,
  { cluster, signal }: DisruptionContext,
): Promise<string> {
  const object = await cluster.readObject(workloadRef(workload), signal);
  const spec = (object?.["spec"] ?? {}) as WorkloadSpec; // a workload of the API
  const names = spec.template?.spec?.containers?.map(({ name }) => name) ?? [];
  const found = wanted === undefined ? names[0] : names.find((name) => name === wanted);
  if (found !== undefined) return found;
  throw new HarnessError(
    "NO_CONTAINER",
    `Could not change ${workload.kind} ${workload.namespace}/${workload.name}: it has no container ${wanted ?? ""}.`,
    { hint: `Its containers: ${names.join(", ") || "none"}.` },
  );
}

function nothingNew(workload: WorkloadRef, change: RolloutChange): HarnessError {
  const wanted = change.type === "image" ? change.image : `this ${change.type}`;
  return new HarnessError(
    "NOTHING_TO_ROLL_OUT",
    `${workload.kind} ${workload.namespace}/${workload.name} has ${wanted} already, so nothing would be rolled out.`,
    { hint: "Ask for another value, or for a restart." },
  );
}
