import type { Deployment, ReplicaSet } from "#embedded/api/objects.ts";
import { rolloutLimits } from "./rollout-limits.ts";

export const REVISION = "deployment.kubernetes.io/revision";
export const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
export const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
export const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

type Annotations = Readonly<Record<string, string>>;

const NOT_COPIED = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  "deprecated.deployment.rollback.to",
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
]);

/** Of 64 bits, which a number would round; 0 when there is none that can be read. */
export function revisionOf({ metadata }: Deployment | ReplicaSet): bigint {
  return readRevision(metadata.annotations?.[REVISION]);
}

function readRevision(text = ""): bigint {
  return /^\d+$/.test(text) ? BigInt(text) : 0n;
}

/** A rolled-back template is the newest again, so its ReplicaSet's number goes up, never back. */
export function nextRevision(old: readonly ReplicaSet[]): bigint {
  let highest = 0n;
  for (const revision of old.map(revisionOf)) if (revision > highest) highest = revision;
  return highest + 1n;
}

/** What the newest ReplicaSet is annotated with: the Deployment's own annotations and its revision. */
export function newestAnnotations(
  deployment: Deployment,
  present: Annotations | undefined,
  revision: bigint,
): Annotations {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([name]) => !NOT_COPIED.has(name),
  );
  const annotations = { ...present, ...Object.fromEntries(copied) };
  const before = present?.[REVISION];
  if (before === undefined) return { ...annotations, [REVISION]: String(revision) };
  if (readRevision(before) >= revision) return annotations;
  const history = [present?.[REVISION_HISTORY], before].filter((part) => part !== undefined);
  return { ...annotations, [REVISION]: String(revision), [REVISION_HISTORY]: history.join(",") };
}

/** So that a later change of `spec.replicas` can be told from a rollout's own scaling. */
export function sizeAnnotations(deployment: Deployment): Annotations {
  const { replicas, maxSurge } = rolloutLimits(deployment);
  return {
    [DESIRED_REPLICAS]: String(replicas),
    [MAX_REPLICAS]: String(replicas + maxSurge),
  };
}
