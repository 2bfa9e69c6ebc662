import { isDeepStrictEqual } from "node:util";
import type { Deployment, PodTemplate, ReplicaSet } from "#embedded/api/objects.ts";

/** Tells the pods of one template of a Deployment from those of another. */
export const HASH_LABEL = "pod-template-hash";

/** A Deployment and its ReplicaSets, told apart by whether they have the Deployment's template. */
export interface Rollout {
  readonly deployment: Deployment;
  readonly newest: ReplicaSet | undefined;
  /** The oldest first. */
  readonly old: readonly ReplicaSet[];
}

/** Of several with the same template, the oldest is the new one: a hash collision may have made more. */
export function rolloutOf(deployment: Deployment, replicaSets: readonly ReplicaSet[]): Rollout {
  const byAge = replicaSets.toSorted(olderFirst);
  const newest = byAge.find(({ spec }) => hasTemplate(spec.template, deployment.spec.template));
  return { deployment, newest, old: byAge.filter((replicaSet) => replicaSet !== newest) };
}

/** The old ones first, as they are scaled. */
export function allOf({ newest, old }: Rollout): readonly ReplicaSet[] {
  return newest === undefined ? old : [...old, newest];
}

/** How many pods the ReplicaSets were told to have; what they have is in their status. */
export function wantedReplicas(replicaSets: readonly ReplicaSet[]): number {
  return replicaSets.reduce((sum, { spec }) => sum + (spec.replicas ?? 0), 0);
}

/** For sorting; of two of the same second the name decides. */
export function olderFirst(a: ReplicaSet, b: ReplicaSet): number {
  const [left, right] = [a.metadata, b.metadata];
  if (left.creationTimestamp !== right.creationTimestamp)
    return left.creationTimestamp < right.creationTimestamp ? -1 : 1;
  return left.name < right.name ? -1 : 1;
}

/** Equal but for the label that only the ReplicaSet's copy carries. */
export function hasTemplate(copy: PodTemplate, original: PodTemplate): boolean {
  return isDeepStrictEqual(withoutHash(copy), withoutHash(original));
}

function withoutHash({ metadata, spec }: PodTemplate): PodTemplate {
  const { [HASH_LABEL]: _, ...labels } = metadata?.labels ?? {};
  return { metadata: { ...metadata, labels }, spec };
}
