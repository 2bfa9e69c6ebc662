import type { Disruption } from "#domain/disruption.ts";
import type { PodSnapshot } from "#domain/observation.ts";
import { awaitReplaced } from "./await-replaced.ts";
import { choosePods } from "./choose-pods.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { rehearseRemoval } from "./rehearse.ts";
import { reportAction } from "./report-action.ts";

type PodDeletion = Extract<Disruption, { type: "delete-pods" }>;

/** Deletes ready pods without a pause in between, and waits until others have taken their place. */
export async function performDeletePods(
  deletion: PodDeletion,
  context: DisruptionContext,
): Promise<void> {
  const { workload } = deletion;
  const pods = choosePods({ verb: "delete", ...deletion }, context);
  const { cluster, signal } = context;
  const { gracePeriodSeconds } = deletion;
  const own = pods.map(({ name, uid }) => ({ namespace: workload.namespace, name, uid }));
  const removal = { type: "delete", gracePeriodSeconds } as const;
  await rehearseRemoval(cluster, { pods: own, removal }, signal);
  // One request after another, as kubectl sends them: side by side, each would wait for a connection of
  // its own, and that wait would count as doubt about when the deletion was asked for.
  for (const pod of pods) await deleteOne(pod, deletion, context);
  await awaitReplaced({ workload, pods, act: "deletion" }, context);
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
