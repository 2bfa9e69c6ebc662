import { podState, readyPods } from "#domain/cluster-view.ts";
import type { Disruption } from "#domain/disruption.ts";
import { HarnessError } from "#domain/errors.ts";
import type { PodSnapshot } from "#domain/observation.ts";
import { describeProgress } from "./describe-trouble.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { reportAction } from "./report-action.ts";
import { isSettled } from "./settled.ts";

type PodDeletion = Extract<Disruption, { type: "delete-pods" }>;

/** Deletes ready pods without a pause in between, and waits until others have taken their place. */
export async function performDeletePods(
  deletion: PodDeletion,
  context: DisruptionContext,
): Promise<void> {
  const { observed, deadlineMs, signal } = context;
  const chosen = choosePods(deletion, context);
  const generation = observed.view.workload?.generation ?? 0;
  // One request after another, as kubectl sends them: side by side, each would wait for a connection of
  // its own, and that wait would count as doubt about when the deletion was asked for.
  for (const pod of chosen) await deleteOne(pod, deletion, context);
  const replaced = await observed.until(
    (view) => chosen.every(({ uid }) => !view.pods.has(uid)) && isSettled(view, { generation }),
    deadlineMs,
    signal,
  );
  if (replaced) return;
  const left = chosen.filter(({ uid }) => observed.view.pods.has(uid)).map(({ name }) => name);
  const remaining = left.length === 0 ? "" : `; still there: ${left.join(", ")}`;
  throw new HarnessError(
    "PODS_NOT_REPLACED",
    `${deletion.workload.name} had not recovered from the deletion of ${chosen.length} pod(s) after ${deadlineMs / 1000} s: ${describeProgress(observed.view)}${remaining}.`,
    {
      hint: "If a pod only needs longer to end or to start, raise the scenario's deadline above its grace period and start-up time. A pod that stays may have a finalizer.",
    },
  );
}

function choosePods(
  { workload, count }: PodDeletion,
  { observed }: DisruptionContext,
): readonly PodSnapshot[] {
  const ready = readyPods(observed.view).toSorted((a, b) => a.name.localeCompare(b.name));
  if (count >= 1 && ready.length >= count) return ready.slice(0, count);
  const seen = [...observed.view.pods.values()].map((pod) => `${pod.name} (${podState(pod)})`);
  throw new HarnessError(
    "NO_TARGET",
    `Could not delete ${count} pod(s) of ${workload.name}: ${ready.length} are ready.`,
    {
      hint:
        seen.length === 0
          ? "The workload has no pods. Is it applied, and is this the right cluster?"
          : `Its pods now: ${seen.join(", ")}. Delete between 1 and ${ready.length}, or give it more replicas.`,
    },
  );
}

async function deleteOne(
  { name, uid }: PodSnapshot,
  { workload, gracePeriodSeconds }: PodDeletion,
  context: DisruptionContext,
): Promise<void> {
  const { cluster, signal } = context;
  const pod = { namespace: workload.namespace, name, uid };
  await reportAction(
    {
      verb: "delete",
      object: `pod/${name}`,
      act: () => cluster.deletePod(pod, gracePeriodSeconds, signal),
      describe: (answer) => answer,
    },
    context,
  );
}
