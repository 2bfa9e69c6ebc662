import type { Condition, KubeObject } from "#embedded/api/objects.ts";
import { conditionOf } from "#embedded/controllers/meta/conditions.ts";

/** What a namespace under deletion still holds: for each resource that is left, its objects. */
export type Remains = ReadonlyMap<string, readonly KubeObject[]>;

/**
 * How far the deletion of a namespace is, as `kubectl describe namespace` shows it. Finding and deleting the
 * content cannot fail here; what may take time is whoever has put a finalizer on it.
 */
export function deletionConditions(
  before: readonly Condition[],
  remains: Remains,
  now: string,
): readonly Condition[] {
  const conditions = [
    ok(
      "NamespaceDeletionDiscoveryFailure",
      "ResourcesDiscovered",
      "All resources successfully discovered",
    ),
    ok(
      "NamespaceDeletionGroupVersionParsingFailure",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ),
    ok(
      "NamespaceDeletionContentFailure",
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ),
    contentRemaining(remains),
    finalizersRemaining(remains),
  ];
  const others = before.filter(({ type }) => conditionOf(conditions, type) === undefined);
  const dated = conditions.map((condition) => {
    const known = conditionOf(before, condition.type);
    const since = known?.status === condition.status ? known.lastTransitionTime : undefined;
    return { ...condition, lastTransitionTime: since ?? now };
  });
  return [...others, ...dated];
}

function ok(type: string, reason: string, message: string): Condition {
  return { type, status: "False", reason, message };
}

function contentRemaining(remains: Remains): Condition {
  const type = "NamespaceContentRemaining";
  const texts = [...remains]
    .filter(([, objects]) => objects.length > 0)
    .map(([resource, objects]) => `${resource} has ${objects.length} resource instances`);
  if (texts.length === 0) return ok(type, "ContentRemoved", "All content successfully removed");
  const message = `Some resources are remaining: ${texts.toSorted().join(", ")}`;
  return { type, status: "True", reason: "SomeResourcesRemain", message };
}

function finalizersRemaining(remains: Remains): Condition {
  const type = "NamespaceFinalizersRemaining";
  const counts = new Map<string, number>();
  for (const { metadata } of [...remains.values()].flat()) {
    for (const finalizer of metadata.finalizers ?? []) {
      counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
    }
  }
  if (counts.size === 0) {
    return ok(type, "ContentHasNoFinalizers", "All content-preserving finalizers finished");
  }
  const texts = [...counts].map(
    ([finalizer, count]) => `${finalizer} in ${count} resource instances`,
  );
  const message = `Some content in the namespace has finalizers remaining: ${texts.toSorted().join(", ")}`;
  return { type, status: "True", reason: "SomeFinalizersRemain", message };
}
