import { isDeepStrictEqual } from "node:util";
import { ApiError } from "#embedded/api/api-error.ts";
import type { NewObject } from "#embedded/api/client.ts";
import type { Condition, Deployment, ReplicaSet } from "#embedded/api/objects.ts";
import { DEPLOYMENTS, REPLICA_SETS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { conditionOf, withCondition } from "#embedded/controllers/meta/conditions.ts";
import { controllerReference, isControlledBy } from "#embedded/controllers/meta/ownership.ts";
import { templateHash } from "#embedded/controllers/meta/template-hash.ts";
import { messageOf } from "#embedded/controllers/pods/pod-writes.ts";
import { hasProgressDeadline, progressCondition } from "./deployment-progress.ts";
import {
  newestAnnotations,
  nextRevision,
  REVISION,
  revisionOf,
  sizeAnnotations,
} from "./replica-set-annotations.ts";
import { newReplicas } from "./rolling-update.ts";
import { HASH_LABEL, hasTemplate, type Rollout } from "./rollout.ts";

/** The rollout after its newest ReplicaSet was cared for; `written` when the Deployment changed by it. */
export interface NewestOutcome {
  readonly rollout: Rollout;
  readonly written: boolean;
}

/** Gives the newest ReplicaSet, if there is one, its revision, and the Deployment the same one. */
export async function syncRevision(rollout: Rollout, cluster: Cluster): Promise<NewestOutcome> {
  const { deployment, old } = rollout;
  if (rollout.newest === undefined) return { rollout, written: false };
  const newest = await annotateNewest(deployment, rollout.newest, nextRevision(old), cluster);
  const found = conditionOf(deployment.status.conditions, "Progressing") === undefined;
  const nowMs = cluster.nowMs();
  const message = `Found new replica set "${newest.metadata.name}"`;
  return recordNewest(
    { ...rollout, newest },
    found ? progressCondition("True", "FoundNewReplicaSet", message, nowMs) : undefined,
    cluster,
  );
}

/** Creates the newest ReplicaSet with as many replicas as the rollout's limits leave room for. */
export async function createNewest(rollout: Rollout, cluster: Cluster): Promise<NewestOutcome> {
  const { newest, isTwin } = await createReplicaSet(rollout, cluster);
  if (isTwin) return recordNewest({ ...rollout, newest }, undefined, cluster);
  const message = `Created new replica set "${newest.metadata.name}"`;
  return recordNewest(
    { ...rollout, newest },
    progressCondition("True", "NewReplicaSetCreated", message, cluster.nowMs()),
    cluster,
  );
}

/** Creates it and tells nobody but by the event of its size; `isTwin`: it was there already. */
export async function createReplicaSet(
  rollout: Rollout,
  cluster: Cluster,
): Promise<{ readonly newest: ReplicaSet; readonly isTwin: boolean }> {
  const { deployment } = rollout;
  const wanted = newReplicaSet(rollout);
  let newest: ReplicaSet;
  try {
    newest = await cluster.api.create<ReplicaSet>(REPLICA_SETS, wanted);
  } catch (error) {
    const twin = await resolveCollision(error, deployment, wanted, cluster);
    if (twin !== undefined) return { newest: twin, isTwin: true };
    throw error;
  }
  const size = newest.spec.replicas ?? 0;
  if (size > 0) {
    const message = `Scaled up replica set ${newest.metadata.name} from 0 to ${size}`;
    cluster.record(deployment, { type: "Normal", reason: "ScalingReplicaSet", message });
  }
  return { newest, isTwin: false };
}

function newReplicaSet(rollout: Rollout): NewObject<ReplicaSet> {
  const { deployment, old } = rollout;
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, deployment.status.collisionCount);
  const labels = { ...template.metadata.labels, [HASH_LABEL]: hash };
  const { name, namespace } = deployment.metadata;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      annotations: {
        ...newestAnnotations(deployment, undefined, nextRevision(old)),
        ...sizeAnnotations(deployment),
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: newReplicas(rollout),
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

async function annotateNewest(
  deployment: Deployment,
  newest: ReplicaSet,
  revision: bigint,
  { api }: Cluster,
): Promise<ReplicaSet> {
  const annotations = { ...newestAnnotations(deployment, newest.metadata.annotations, revision) };
  const { minReadySeconds } = deployment.spec;
  const upToDate =
    isDeepStrictEqual(annotations, newest.metadata.annotations ?? {}) &&
    (minReadySeconds ?? 0) === (newest.spec.minReadySeconds ?? 0);
  if (upToDate) return newest;
  return api.update<ReplicaSet>(REPLICA_SETS, {
    ...newest,
    metadata: { ...newest.metadata, annotations },
    spec: { ...newest.spec, ...(minReadySeconds === undefined ? {} : { minReadySeconds }) },
  });
}

async function recordNewest(
  rollout: Rollout,
  progress: Condition | undefined,
  { api }: Cluster,
): Promise<NewestOutcome> {
  const { deployment, newest } = rollout;
  const revision = String(newest === undefined ? 0 : revisionOf(newest));
  const news = hasProgressDeadline(deployment) ? progress : undefined;
  const annotations = { ...deployment.metadata.annotations, [REVISION]: revision };
  const conditions =
    news === undefined
      ? deployment.status.conditions
      : withCondition(deployment.status.conditions, news);
  if (
    deployment.metadata.annotations?.[REVISION] === revision &&
    isDeepStrictEqual(conditions, deployment.status.conditions)
  ) {
    return { rollout, written: false };
  }
  // A status update carries annotations along, so both arrive as one change.
  const written = await api.update<Deployment>(
    DEPLOYMENTS,
    {
      ...deployment,
      metadata: { ...deployment.metadata, annotations },
      status: { ...deployment.status, ...(conditions === undefined ? {} : { conditions }) },
    },
    "status",
  );
  return { rollout: { ...rollout, deployment: written }, written: true };
}

/** The ReplicaSet that has the name already, if it is ours; else the next try hashes to another name. */
async function resolveCollision(
  error: unknown,
  deployment: Deployment,
  wanted: NewObject<ReplicaSet>,
  { api, nowMs }: Cluster,
): Promise<ReplicaSet | undefined> {
  const name = wanted.metadata.name ?? "";
  const exists = error instanceof ApiError && error.reason === "AlreadyExists";
  const other = exists
    ? await api.get<ReplicaSet>(REPLICA_SETS, name, deployment.metadata.namespace)
    : undefined;
  const ours =
    other !== undefined &&
    isControlledBy(other, deployment) &&
    hasTemplate(other.spec.template, deployment.spec.template);
  if (ours) return other;
  const { status } = deployment;
  if (other !== undefined) {
    const collisionCount = (status.collisionCount ?? 0) + 1;
    await api.update(
      DEPLOYMENTS,
      { ...deployment, status: { ...status, collisionCount } },
      "status",
    );
    return undefined;
  }
  if (!hasProgressDeadline(deployment)) return undefined;
  const message = `Failed to create new replica set "${name}": ${messageOf(error)}`;
  const failed = progressCondition("False", "ReplicaSetCreateError", message, nowMs());
  const conditions = withCondition(status.conditions, failed);
  await api.update(DEPLOYMENTS, { ...deployment, status: { ...status, conditions } }, "status");
  return undefined;
}
