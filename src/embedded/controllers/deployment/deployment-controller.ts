import { isDeepStrictEqual } from "node:util";
import type { Deployment, Pod, ReplicaSet } from "#embedded/api/objects.ts";
import { DEPLOYMENTS, PODS, REPLICA_SETS } from "#embedded/api/resources.ts";
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
import {
  conditionOf,
  withCondition,
  withoutCondition,
} from "#embedded/controllers/meta/conditions.ts";
import { matchesSelector } from "#embedded/controllers/meta/label-selector.ts";
import { controllerOf } from "#embedded/controllers/meta/ownership.ts";
import { isNamespaceTerminating } from "#embedded/controllers/pods/pod-writes.ts";
import {
  deadlineCheck,
  hasProgressDeadline,
  progressCondition,
  withProgress,
} from "./deployment-progress.ts";
import { deploymentStatus, isComplete, replicaFailure } from "./deployment-status.ts";
import { createNewest, createReplicaSet, syncRevision } from "./newest-replica-set.ts";
import { scaledSizes, wasScaled } from "./proportional-scaling.ts";
import { recreateStep } from "./recreate.ts";
import { resizeReplicaSets } from "./resize-replica-set.ts";
import { trimHistory } from "./revision-history.ts";
import { newReplicas, oldScaleDowns } from "./rolling-update.ts";
import { type Rollout, rolloutOf } from "./rollout.ts";

/**
 * Rolls a Deployment's pods over to its template by resizing ReplicaSets, one step per reconciliation:
 * the new one up, else the old ones down, else clean up. The next change of a ReplicaSet's status brings
 * it back for the next step.
 */
export const deploymentController: Controller = {
  name: "deployment-controller",
  workers: 5,
  watches: [
    watch<Deployment>(DEPLOYMENTS, (deployment) => [keyOf(deployment)]),
    watch<ReplicaSet>(REPLICA_SETS, deploymentsOf),
    watch<Pod>(PODS, recreatedDeploymentOf),
  ],
  reconcile: reconcileDeployment,
};

function deploymentsOf(replicaSet: ReplicaSet, { caches }: Cluster): readonly string[] {
  const { namespace, labels } = replicaSet.metadata;
  const owner = controllerOf(replicaSet);
  if (owner !== undefined) {
    return owner.kind === "Deployment" ? [keyFrom(namespace, owner.name)] : [];
  }
  return caches
    .of<Deployment>(DEPLOYMENTS)
    .list(namespace)
    .filter(({ spec }) => matchesSelector(spec.selector, labels))
    .map(keyOf);
}

/** Only Recreate waits for single pods: its new ones come when the last old one is gone. */
function recreatedDeploymentOf(pod: Pod, { caches }: Cluster): readonly string[] {
  const { namespace } = pod.metadata;
  const replicaSet = caches
    .of<ReplicaSet>(REPLICA_SETS)
    .get(controllerOf(pod)?.name ?? "", namespace);
  const owner = replicaSet === undefined ? undefined : controllerOf(replicaSet);
  const deployment = caches.of<Deployment>(DEPLOYMENTS).get(owner?.name ?? "", namespace);
  return deployment?.spec.strategy?.type === "Recreate" ? [keyOf(deployment)] : [];
}

async function reconcileDeployment(key: string, cluster: Cluster): Promise<Requeue | undefined> {
  const { namespace, name } = splitKey(key);
  const deployment = cluster.caches.of<Deployment>(DEPLOYMENTS).get(name, namespace);
  if (deployment === undefined) return undefined;
  const replicaSets = await claimChildren(
    {
      owner: deployment,
      selector: deployment.spec.selector,
      resource: REPLICA_SETS,
      candidates: cluster.caches.of<ReplicaSet>(REPLICA_SETS).list(namespace),
    },
    cluster,
  );
  const seen = rolloutOf(deployment, replicaSets);
  if (deployment.metadata.deletionTimestamp !== undefined) return writeStatus(seen, cluster);
  if (await syncPause(deployment, cluster)) return afterPause(seen, cluster);

  const { rollout, written } = await syncRevision(seen, cluster);
  const paused = deployment.spec.paused === true;
  if (paused || wasScaled(rollout)) {
    await resizeReplicaSets(rollout.deployment, scaledSizes(rollout), cluster);
    if (paused) await trimHistory(rollout, cluster);
    return written ? undefined : writeStatus(rollout, cluster);
  }
  return roll(rollout, written, cluster);
}

async function roll(
  rollout: Rollout,
  written: boolean,
  cluster: Cluster,
): Promise<Requeue | undefined> {
  const strategy = rollout.deployment.spec.strategy?.type ?? "RollingUpdate";
  const step = strategy === "Recreate" ? recreateStep : rollingStep;
  const outcome = await step(rollout, cluster);
  const { deployment } = outcome.rollout;
  if (outcome.settled && isComplete(deployment, deployment.status)) {
    await trimHistory(outcome.rollout, cluster);
  }
  // Written once already: the event of that write brings the key back, and with fresh numbers.
  if (written || outcome.written) return undefined;
  return writeStatus(outcome.rollout, cluster, withProgress);
}

/** `settled`: there was nothing to resize. */
export interface StepOutcome {
  readonly rollout: Rollout;
  readonly settled: boolean;
  readonly written: boolean;
}

async function rollingStep(seen: Rollout, cluster: Cluster): Promise<StepOutcome> {
  const { rollout, written } =
    seen.newest === undefined
      ? await createNewestUnlessLeaving(seen, cluster)
      : { rollout: seen, written: false };
  const { deployment, newest } = rollout;
  const size = newest?.spec.replicas ?? 0;
  const wanted = Math.min(newReplicas(rollout), deployment.spec.replicas ?? 1);
  if (newest !== undefined && wanted !== size) {
    await resizeReplicaSets(deployment, [{ replicaSet: newest, replicas: wanted }], cluster);
    return { rollout, settled: false, written };
  }
  const scaleDowns = oldScaleDowns(rollout);
  await resizeReplicaSets(deployment, scaleDowns, cluster);
  return { rollout, settled: scaleDowns.length === 0, written };
}

async function createNewestUnlessLeaving(rollout: Rollout, cluster: Cluster) {
  try {
    return await createNewest(rollout, cluster);
  } catch (error) {
    if (isNamespaceTerminating(error)) return { rollout, written: false };
    throw error;
  }
}

type Progress = typeof withProgress;

async function writeStatus(
  rollout: Rollout,
  { api, nowMs }: Cluster,
  progress: Progress = (_rollout, status) => status.conditions ?? [],
): Promise<Requeue | undefined> {
  const { deployment } = rollout;
  const counted = deploymentStatus(rollout, nowMs());
  const failure = replicaFailure(rollout);
  const progressed = progress(rollout, counted, nowMs());
  const conditions =
    failure === undefined
      ? withoutCondition(progressed, "ReplicaFailure")
      : withCondition(progressed, { ...failure, lastUpdateTime: failure.lastTransitionTime ?? "" });
  const status = { ...counted, conditions };
  if (!isDeepStrictEqual(status, deployment.status)) {
    await api.update<Deployment>(DEPLOYMENTS, { ...deployment, status }, "status");
  }
  return deadlineCheck(deployment, status, nowMs());
}

/**
 * A real controller goes on from the Deployment as it was before it told of the pause: a new ReplicaSet is
 * made all the same, but the Deployment is not told of it, because that writing meets a conflict.
 */
async function afterPause(seen: Rollout, cluster: Cluster): Promise<undefined> {
  if (seen.deployment.spec.paused === true || seen.newest !== undefined) return;
  await createReplicaSet(seen, cluster);
}

/** Tells in the Progressing condition that the rollout stands still on purpose. True when it was news. */
async function syncPause(deployment: Deployment, { api, nowMs }: Cluster): Promise<boolean> {
  const current = conditionOf(deployment.status.conditions, "Progressing");
  const paused = deployment.spec.paused === true;
  const told = current?.reason === "DeploymentPaused";
  if (!hasProgressDeadline(deployment) || current?.reason === "ProgressDeadlineExceeded") {
    return false;
  }
  if (paused === told) return false;
  const condition = paused
    ? progressCondition("Unknown", "DeploymentPaused", "Deployment is paused", nowMs())
    : progressCondition("Unknown", "DeploymentResumed", "Deployment is resumed", nowMs());
  const conditions = withCondition(deployment.status.conditions, condition);
  const status = { ...deployment.status, conditions };
  await api.update<Deployment>(DEPLOYMENTS, { ...deployment, status }, "status");
  return true;
}
