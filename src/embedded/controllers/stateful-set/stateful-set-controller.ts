import { isDeepStrictEqual } from "node:util";
import type { Pod } from "#embedded/api/objects.ts";
import {
  CONTROLLER_REVISIONS,
  PERSISTENT_VOLUME_CLAIMS,
  PODS,
  STATEFUL_SETS,
} from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyFrom,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import type { Requeue } from "#embedded/controllers/machinery/work-queue.ts";
import { claimChildren } from "#embedded/controllers/meta/claim-children.ts";
import { matchesSelector } from "#embedded/controllers/meta/label-selector.ts";
import { controllerOf } from "#embedded/controllers/meta/ownership.ts";
import { availableInMs } from "#embedded/controllers/pods/pod-state.ts";
import {
  isHashCollision,
  type Revisions,
  syncRevisions,
  trimRevisions,
} from "#embedded/controllers/revisions/sync-revisions.ts";
import { nextSteps, type SetState, type Step } from "./next-step.ts";
import { ordinalOf, revisionNameOf, statefulPod } from "./pod-identity.ts";
import { createStatefulPod, deleteStatefulPod } from "./stateful-pod-writes.ts";
import type { StatefulSet } from "./stateful-set.ts";
import { statefulSetStatus } from "./stateful-set-status.ts";

/**
 * Keeps pods with lasting names. A name is free only when the pod that had it is gone, so replacing a pod
 * means to be without it for as long as it terminates and its successor starts.
 */
export const statefulSetController: Controller = {
  name: "statefulset-controller",
  workers: 5,
  watches: [watch<StatefulSet>(STATEFUL_SETS, (set) => [keyOf(set)]), watch<Pod>(PODS, setsOf)],
  reads: [CONTROLLER_REVISIONS, PERSISTENT_VOLUME_CLAIMS],
  reconcile: reconcileStatefulSet,
};

function setsOf(pod: Pod, { caches }: Cluster): readonly string[] {
  const { namespace, labels } = pod.metadata;
  const owner = controllerOf(pod);
  if (owner !== undefined) {
    return owner.kind === "StatefulSet" ? [keyFrom(namespace, owner.name)] : [];
  }
  return caches
    .of<StatefulSet>(STATEFUL_SETS)
    .list(namespace)
    .filter(({ spec }) => matchesSelector(spec.selector, labels))
    .map(keyOf);
}

async function reconcileStatefulSet(key: string, cluster: Cluster): Promise<Requeue | undefined> {
  const { namespace, name } = splitKey(key);
  const set = cluster.caches.of<StatefulSet>(STATEFUL_SETS).get(name, namespace);
  if (set === undefined) return undefined;
  const pods = await claimChildren(
    {
      owner: set,
      selector: set.spec.selector,
      resource: PODS,
      candidates: cluster.caches
        .of<Pod>(PODS)
        .list(namespace)
        .filter((pod) => ordinalOf(pod, set) !== undefined),
    },
    cluster,
  );
  const revisions = await revisionsOf(set, cluster);
  if (revisions === undefined) return undefined;
  const nowMs = cluster.nowMs();
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const waitMs = (pod: Pod) => availableInMs(pod, minReadySeconds, nowMs);
  const isAvailable = (pod: Pod) => pod.status.phase === "Running" && waitMs(pod) === 0;
  const updateRevision = revisions.update.metadata.name;
  const state: SetState = { set, pods, updateRevision, isAvailable };

  const leaving = set.metadata.deletionTimestamp !== undefined;
  const steps = leaving ? [] : nextSteps(state);
  for (const step of steps) await take(step, set, { revisions, cluster });
  await writeStatus(state, steps, cluster);
  const live = new Set([
    updateRevision,
    set.status.currentRevision ?? "",
    ...pods.map(revisionNameOf),
  ]);
  await trimRevisions(revisions, { live, limit: set.spec.revisionHistoryLimit ?? 10 }, cluster);
  const waits = pods.map((pod) => waitMs(pod) ?? 0).filter((wait) => wait > 0);
  return waits.length === 0 ? undefined : { afterMs: Math.min(...waits) };
}

/** Undefined when the hash of the template collides: the count is raised, and the next try has another. */
async function revisionsOf(set: StatefulSet, cluster: Cluster): Promise<Revisions | undefined> {
  const collisionCount = set.status.collisionCount ?? 0;
  const { template } = set.spec;
  const hashLabel = "controller.kubernetes.io/hash";
  try {
    return await syncRevisions({ owner: set, template, collisionCount, hashLabel }, cluster);
  } catch (error) {
    if (!isHashCollision(error)) throw error;
    const status = { ...set.status, collisionCount: collisionCount + 1 };
    await cluster.api.update<StatefulSet>(STATEFUL_SETS, { ...set, status }, "status");
    return undefined;
  }
}

async function take(
  step: Step,
  set: StatefulSet,
  { revisions, cluster }: { readonly revisions: Revisions; readonly cluster: Cluster },
): Promise<void> {
  if (step.type === "delete") {
    await deleteStatefulPod(set, step.pod, cluster);
    return;
  }
  const { update, all } = revisions;
  const current = all.find(({ metadata }) => metadata.name === set.status.currentRevision);
  const revision = step.revision === "current" ? (current ?? update) : update;
  await createStatefulPod(set, statefulPod(set, step.ordinal, revision), cluster);
}

async function writeStatus(
  { set, pods, updateRevision, isAvailable }: SetState,
  steps: readonly Step[],
  { api }: Cluster,
): Promise<void> {
  const status = statefulSetStatus(set, {
    pods,
    steps,
    currentRevision: set.status.currentRevision ?? updateRevision,
    updateRevision,
    collisionCount: set.status.collisionCount ?? 0,
    isAvailable,
  });
  if (isDeepStrictEqual(status, set.status)) return;
  await api.update<StatefulSet>(STATEFUL_SETS, { ...set, status }, "status");
}
