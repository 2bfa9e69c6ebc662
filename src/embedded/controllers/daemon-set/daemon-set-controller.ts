import { isDeepStrictEqual } from "node:util";
import type { Node, Pod } from "#embedded/api/objects.ts";
import { CONTROLLER_REVISIONS, DAEMON_SETS, NODES, PODS } from "#embedded/api/resources.ts";
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
import { intOrPercent } from "#embedded/controllers/meta/int-or-percent.ts";
import { matchesSelector } from "#embedded/controllers/meta/label-selector.ts";
import { controllerOf } from "#embedded/controllers/meta/ownership.ts";
import { availableInMs, isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { createPod, deletePod } from "#embedded/controllers/pods/pod-writes.ts";
import {
  isHashCollision,
  type Revisions,
  syncRevisions,
  trimRevisions,
} from "#embedded/controllers/revisions/sync-revisions.ts";
import { daemonPod, nodeOf, REVISION_LABEL } from "./daemon-pod.ts";
import type { DaemonSet } from "./daemon-set.ts";
import { daemonSetStatus } from "./daemon-set-status.ts";
import { nodeDuty } from "./node-duty.ts";
import { placementPlan } from "./placement-plan.ts";
import { rollingPlan } from "./rolling-plan.ts";

/** Keeps one pod on every node that wants one, and replaces them node by node. */
export const daemonSetController: Controller = {
  name: "daemonset-controller",
  workers: 2,
  watches: [
    watch<DaemonSet>(DAEMON_SETS, (daemonSet) => [keyOf(daemonSet)]),
    watch<Pod>(PODS, daemonSetsOf),
    watch<Node>(NODES, (_node, { caches }) => caches.of<DaemonSet>(DAEMON_SETS).list().map(keyOf)),
  ],
  reads: [CONTROLLER_REVISIONS],
  reconcile: reconcileDaemonSet,
};

function daemonSetsOf(pod: Pod, { caches }: Cluster): readonly string[] {
  const { namespace, labels } = pod.metadata;
  const owner = controllerOf(pod);
  if (owner !== undefined) {
    return owner.kind === "DaemonSet" ? [keyFrom(namespace, owner.name)] : [];
  }
  return caches
    .of<DaemonSet>(DAEMON_SETS)
    .list(namespace)
    .filter(({ spec }) => matchesSelector(spec.selector, labels))
    .map(keyOf);
}

async function reconcileDaemonSet(key: string, cluster: Cluster): Promise<Requeue | undefined> {
  const { namespace, name } = splitKey(key);
  const daemonSet = cluster.caches.of<DaemonSet>(DAEMON_SETS).get(name, namespace);
  if (daemonSet === undefined) return undefined;
  const revisions = await revisionsOf(daemonSet, cluster);
  if (revisions === undefined) return undefined;
  const hash = revisions.update.metadata.labels?.[REVISION_LABEL] ?? "";
  if (daemonSet.metadata.deletionTimestamp === undefined) {
    await place(daemonSet, hash, cluster);
    await roll(daemonSet, hash, cluster);
  }
  const { nodes, judge, waitMs } = await survey(daemonSet, hash, cluster);
  const status = daemonSetStatus(daemonSet, nodes, judge);
  if (!isDeepStrictEqual(status, daemonSet.status)) {
    await cluster.api.update<DaemonSet>(DAEMON_SETS, { ...daemonSet, status }, "status");
  }
  const used = nodes.flatMap(({ pods }) =>
    pods.map(({ metadata }) => `${name}-${metadata.labels?.[REVISION_LABEL]}`),
  );
  const live = new Set([revisions.update.metadata.name, ...used]);
  const limit = daemonSet.spec.revisionHistoryLimit ?? 10;
  await trimRevisions(revisions, { live, limit }, cluster);
  return waitMs === undefined ? undefined : { afterMs: waitMs };
}

/** Undefined when the hash of the template collides: the count is raised, and the next try has another. */
async function revisionsOf(daemonSet: DaemonSet, cluster: Cluster): Promise<Revisions | undefined> {
  const { template } = daemonSet.spec;
  const collisionCount = daemonSet.status.collisionCount ?? 0;
  const owner = { owner: daemonSet, template, collisionCount, hashLabel: REVISION_LABEL };
  try {
    return await syncRevisions(owner, cluster);
  } catch (error) {
    if (!isHashCollision(error)) throw error;
    const status = { ...daemonSet.status, collisionCount: collisionCount + 1 };
    await cluster.api.update<DaemonSet>(DAEMON_SETS, { ...daemonSet, status }, "status");
    return undefined;
  }
}

/** The nodes and what of the DaemonSet is on each, as the caches know it now. */
async function survey(daemonSet: DaemonSet, hash: string, cluster: Cluster) {
  const { caches } = cluster;
  const claimed = await claimChildren(
    {
      owner: daemonSet,
      selector: daemonSet.spec.selector,
      resource: PODS,
      candidates: caches.of<Pod>(PODS).list(daemonSet.metadata.namespace),
    },
    cluster,
  );
  const pods = claimed
    .filter((pod) => !(pod.metadata.deletionTimestamp !== undefined && isTerminal(pod)))
    .toSorted((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
  const nowMs = cluster.nowMs();
  const wait = (pod: Pod) => availableInMs(pod, daemonSet.spec.minReadySeconds ?? 0, nowMs);
  const waits = pods.map((pod) => wait(pod) ?? 0).filter((one) => one > 0);
  const nodes = caches.of<Node>(NODES).list();
  return {
    nodes: nodes.map((node) => ({
      node: node.metadata.name,
      duty: nodeDuty(daemonSet, node),
      pods: pods.filter((pod) => nodeOf(pod) === node.metadata.name),
    })),
    judge: {
      isUpdated: (pod: Pod) => pod.metadata.labels?.[REVISION_LABEL] === hash,
      isAvailable: (pod: Pod) => wait(pod) === 0,
    },
    waitMs: waits.length === 0 ? undefined : Math.min(...waits),
  };
}

/** A pod where one is wanted and none is, none where none may stay, and one where there are several. */
async function place(daemonSet: DaemonSet, hash: string, cluster: Cluster): Promise<void> {
  const { nodes, judge } = await survey(daemonSet, hash, cluster);
  const { createOn, deletePods, failed, succeeded } = placementPlan(nodes, {
    ...judge,
    surges: limitsOf(daemonSet, nodes.length).maxSurge > 0,
  });
  for (const pod of failed) {
    const message = `Found failed daemon pod ${describe(pod)}, will try to kill it`;
    cluster.record(daemonSet, { type: "Warning", reason: "FailedDaemonPod", message });
  }
  for (const pod of succeeded) {
    const message = `Found succeeded daemon pod ${describe(pod)}, will try to delete it`;
    cluster.record(daemonSet, { type: "Normal", reason: "SucceededDaemonPod", message });
  }
  const unwanted = [...deletePods, ...failed, ...succeeded];
  await Promise.all(unwanted.map((pod) => deletePod(pod, daemonSet, cluster)));
  await Promise.all(
    createOn.map((node) => createPod(daemonPod(daemonSet, node, hash), daemonSet, cluster)),
  );
}

async function roll(daemonSet: DaemonSet, hash: string, cluster: Cluster): Promise<void> {
  if (daemonSet.spec.updateStrategy?.type === "OnDelete") return;
  const { nodes, judge } = await survey(daemonSet, hash, cluster);
  const wanted = nodes.filter(({ duty }) => duty.shouldRun);
  const { deletePods, surgeOn } = rollingPlan(wanted, limitsOf(daemonSet, wanted.length), judge);
  await Promise.all(deletePods.map((pod) => deletePod(pod, daemonSet, cluster)));
  await Promise.all(
    surgeOn.map((node) => createPod(daemonPod(daemonSet, node, hash), daemonSet, cluster)),
  );
}

/** Of both kinds the percentages are rounded up; one of the two has to be at least one. */
function limitsOf({ spec }: DaemonSet, nodes: number) {
  const { maxUnavailable = 1, maxSurge = 0 } = spec.updateStrategy?.rollingUpdate ?? {};
  const surge = intOrPercent(maxSurge, nodes, "up");
  const unavailable = intOrPercent(maxUnavailable, nodes, "up");
  return { maxSurge: surge, maxUnavailable: surge + unavailable === 0 ? 1 : unavailable };
}

function describe({ metadata, spec }: Pod): string {
  return `${metadata.namespace}/${metadata.name} on node ${spec.nodeName}`;
}
