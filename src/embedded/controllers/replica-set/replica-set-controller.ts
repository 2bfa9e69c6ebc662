import { isDeepStrictEqual } from "node:util";
import type { KubeObject, Pod, ReplicaSet } from "#embedded/api/objects.ts";
import { PODS, REPLICA_SETS } from "#embedded/api/resources.ts";
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
import { controllerOf, isControlledBy } from "#embedded/controllers/meta/ownership.ts";
import { podFromTemplate } from "#embedded/controllers/pods/pod-from-template.ts";
import { availableInMs, isActive } from "#embedded/controllers/pods/pod-state.ts";
import { createPod, deletePod, messageOf } from "#embedded/controllers/pods/pod-writes.ts";
import { slowStart } from "#embedded/controllers/pods/slow-start.ts";
import { inDeletionOrder } from "./deletion-order.ts";
import type { ReplicaKind } from "./replica-kind.ts";
import { type ReplicaFailure, replicaSetStatus } from "./replica-set-status.ts";

/**
 * Keeps the number of active pods of a ReplicaSet or a ReplicationController. A pod counts no more from the
 * moment its deletion is requested, so its replacement starts while it still terminates.
 */
export function replicaController(one: ReplicaKind): Controller {
  return {
    name: one.controllerName,
    workers: 5,
    watches: [
      watch(one.resource, (object) => [keyOf(object)]),
      watch<Pod>(PODS, (pod, cluster) => ownersOf(one, pod, cluster)),
    ],
    reconcile: (key, cluster) => reconcile(one, key, cluster),
  };
}

function ownersOf(
  { kind, resource, asReplicaSet }: ReplicaKind,
  pod: Pod,
  { caches }: Cluster,
): readonly string[] {
  const { namespace, labels } = pod.metadata;
  const owner = controllerOf(pod);
  if (owner?.kind === kind) return [keyFrom(namespace, owner.name)];
  if (owner !== undefined) return [];
  return caches
    .of<KubeObject>(resource)
    .list(namespace)
    .filter((object) => matchesSelector(asReplicaSet(object).spec.selector, labels))
    .map(keyOf);
}

async function reconcile(
  { resource, asReplicaSet, statusOf }: ReplicaKind,
  key: string,
  cluster: Cluster,
): Promise<Requeue | undefined> {
  const { namespace, name } = splitKey(key);
  const object = cluster.caches.of<KubeObject>(resource).get(name, namespace);
  if (object === undefined) return undefined;
  const replicaSet = asReplicaSet(object);
  const pods = await claimChildren(
    {
      owner: replicaSet,
      selector: replicaSet.spec.selector,
      resource: PODS,
      candidates: cluster.caches.of<Pod>(PODS).list(namespace),
    },
    cluster,
  );

  const deleted = replicaSet.metadata.deletionTimestamp !== undefined;
  const outcome = deleted ? {} : await scale(replicaSet, pods, cluster);
  const nowMs = cluster.nowMs();
  const status = statusOf(replicaSetStatus(replicaSet, pods, outcome.failure, nowMs));
  if (!isDeepStrictEqual(status, object.status)) {
    await cluster.api.update(resource, { ...object, status }, "status");
  }
  if ("error" in outcome) throw outcome.error;
  return nextAvailability(replicaSet, pods, nowMs);
}

interface ScaleOutcome {
  readonly failure?: ReplicaFailure;
  readonly error?: unknown;
}

async function scale(
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
  cluster: Cluster,
): Promise<ScaleOutcome> {
  const active = pods.filter(isActive);
  const missing = (replicaSet.spec.replicas ?? 1) - active.length;
  try {
    if (missing > 0) {
      const pod = podFromTemplate(replicaSet.spec.template, replicaSet);
      await slowStart(missing, () => createPod(pod, replicaSet, cluster));
    } else if (missing < 0) {
      const related = podsOfSameOwner(replicaSet, cluster);
      const surplus = inDeletionOrder(active, related, cluster.nowMs()).slice(0, -missing);
      await Promise.all(surplus.map((pod) => deletePod(pod, replicaSet, cluster)));
    }
    return {};
  } catch (error) {
    const reason = missing > 0 ? "FailedCreate" : "FailedDelete";
    return { error, failure: { reason, message: messageOf(error) } };
  }
}

function podsOfSameOwner(replicaSet: ReplicaSet, { caches }: Cluster): readonly Pod[] {
  const { namespace } = replicaSet.metadata;
  const owner = controllerOf(replicaSet)?.uid;
  const siblings = caches
    .of<ReplicaSet>(REPLICA_SETS)
    .list(namespace)
    .filter((other) => owner !== undefined && controllerOf(other)?.uid === owner);
  const owners = siblings.length > 0 ? siblings : [replicaSet];
  return caches
    .of<Pod>(PODS)
    .list(namespace)
    .filter((pod) => owners.some((other) => isControlledBy(pod, other)));
}

/** With minReadySeconds no event says when a pod becomes available; the clock does. */
function nextAvailability(
  { spec }: ReplicaSet,
  pods: readonly Pod[],
  nowMs: number,
): Requeue | undefined {
  const waits = pods
    .filter(isActive)
    .map((pod) => availableInMs(pod, spec.minReadySeconds ?? 0, nowMs) ?? 0)
    .filter((waitMs) => waitMs > 0);
  return waits.length === 0 ? undefined : { afterMs: Math.min(...waits) };
}
