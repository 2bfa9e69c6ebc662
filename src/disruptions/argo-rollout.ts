import type { ArgoAction, Disruption } from "#domain/disruption.ts";
import { HarnessError } from "#domain/errors.ts";
import { describeRef, type ObjectRef, shortRef } from "#domain/object-ref.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { ObjectPatch } from "#ports/cluster-objects.ts";
import { changeField } from "./change-field.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { reportAction } from "./report-action.ts";

type ArgoRollout = Extract<Disruption, { type: "argo-rollout" }>;

interface RolloutFields {
  readonly spec?: { readonly restartAt?: string };
  readonly status?: { readonly phase?: string; readonly restartedAt?: string };
}

/**
 * Does to an Argo Rollout what its kubectl plugin does, through the same fields: a restart is a time in the
 * spec, promote and abort are changes of the status. Waits until its controller has followed.
 */
export async function performArgoRollout(
  { rollout, action }: ArgoRollout,
  context: DisruptionContext,
): Promise<void> {
  const { cluster, signal } = context;
  if ((await cluster.readObject(rollout, signal)) === undefined) {
    throw new HarnessError("NO_TARGET", `There is no ${describeRef(rollout)} to ${action}.`, {
      hint: "Is Argo Rollouts installed there, and the name in the step right? `kubectl get rollouts -A` lists them.",
    });
  }
  switch (action) {
    case "restart":
      return await restart(rollout, context);
    case "promote":
    case "abort":
      return await changeStatus(rollout, action, context);
  }
}

async function restart(rollout: ObjectRef, context: DisruptionContext): Promise<void> {
  const restartAt = secondsOf(Date.parse(context.startedAt) + context.clock.nowMs());
  await changeField(
    {
      object: rollout,
      path: "/spec/restartAt",
      patch: { type: "merge", body: { spec: { restartAt } } },
      verb: "restart",
      stays: true, // a restart that was made stays made
      describe: () => `at ${restartAt}`,
    },
    context,
  );
  await awaitRollout(rollout, ({ status }) => status?.restartedAt === restartAt, context);
}

/** Kubernetes' times have no fractions of a second. */
function secondsOf(wallMs: number): string {
  return new Date(wallMs).toISOString().replace(/\.\d+Z$/, "Z");
}

const STATUS: Readonly<Record<Exclude<ArgoAction, "restart">, object>> = {
  promote: { status: { pauseConditions: null } },
  abort: { status: { abort: true } },
};

/** Older versions of the custom resource have no status subresource; there the object itself is patched. */
async function changeStatus(
  rollout: ObjectRef,
  action: Exclude<ArgoAction, "restart">,
  context: DisruptionContext,
): Promise<void> {
  const { cluster, signal } = context;
  const patch: ObjectPatch = { type: "merge", body: STATUS[action] };
  await reportAction(
    {
      verb: action,
      object: shortRef(rollout),
      act: async () => {
        const first = await cluster.patchObject(
          rollout,
          { ...patch, subresource: "status" },
          signal,
        );
        return first.type === "not-found"
          ? await cluster.patchObject(rollout, patch, signal)
          : first;
      },
      describe: ({ type }) => type,
    },
    context,
  );
  const wanted = action === "promote" ? "Healthy" : "Degraded";
  await awaitRollout(rollout, ({ status }) => status?.phase === wanted, context);
}

/** The Rollout is not watched, so it is asked for every second. */
async function awaitRollout(
  rollout: ObjectRef,
  isDone: (fields: RolloutFields) => boolean,
  { cluster, clock, deadlineMs, signal }: DisruptionContext,
): Promise<void> {
  const untilMs = clock.nowMs() + deadlineMs;
  for (;;) {
    const object: KubernetesObject | undefined = await cluster.readObject(rollout, signal);
    const fields = (object ?? {}) as RolloutFields; // an Argo Rollout
    if (isDone(fields)) return;
    if (clock.nowMs() >= untilMs) {
      throw new HarnessError(
        "ROLLOUT_STUCK",
        `${describeRef(rollout)} had not followed after ${deadlineMs / 1000} s; its phase is ${fields.status?.phase ?? "unknown"}.`,
        { hint: "`kubectl argo rollouts get rollout NAME` shows which step it waits in." },
      );
    }
    await clock.sleep(1_000, signal);
  }
}
