import type { LabelSelector, Node, Pod } from "#embedded/api/objects.ts";
import { matchesSelector } from "#embedded/controllers/meta/label-selector.ts";

interface Term {
  readonly labelSelector?: LabelSelector;
  readonly namespaces?: readonly string[];
  readonly topologyKey: string;
}

interface Terms {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly Term[];
}

/** A pod that has a node already. */
export interface PlacedPod {
  readonly pod: Pod;
  readonly node: Node;
}

/** Why the pods that are there forbid the node, or undefined when they do not. Only required terms count. */
export function podAffinityProblem(
  pod: Pod,
  node: Node,
  placed: readonly PlacedPod[],
): string | undefined {
  const isNear = (term: Term, owner: Pod, other: PlacedPod) =>
    selects(term, owner, other.pod) && sameDomain(term, node, other.node);

  const affinityMet = termsOf(pod, "podAffinity").every(
    (term) =>
      placed.some((other) => isNear(term, pod, other)) ||
      // The first of a group that wants to be together may start anywhere.
      (selects(term, pod, pod) && !placed.some((other) => selects(term, pod, other.pod))),
  );
  if (!affinityMet) return "node(s) didn't match pod affinity rules";

  const avoided = termsOf(pod, "podAntiAffinity").some((term) =>
    placed.some((other) => isNear(term, pod, other)),
  );
  if (avoided) return "node(s) didn't match pod anti-affinity rules";

  const unwelcome = placed.some((other) =>
    termsOf(other.pod, "podAntiAffinity").some(
      (term) => selects(term, other.pod, pod) && sameDomain(term, node, other.node),
    ),
  );
  if (unwelcome) return "node(s) didn't satisfy existing pods anti-affinity rules";
  return undefined;
}

function termsOf({ spec }: Pod, kind: "podAffinity" | "podAntiAffinity"): readonly Term[] {
  const affinity = spec["affinity"] as Readonly<Record<typeof kind, Terms>> | undefined;
  return affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

function selects(term: Term, owner: Pod, other: Pod): boolean {
  const { namespace = "" } = other.metadata;
  const namespaces = term.namespaces ?? [owner.metadata.namespace ?? ""];
  return (
    namespaces.includes(namespace) && matchesSelector(term.labelSelector, other.metadata.labels)
  );
}

function sameDomain({ topologyKey }: Term, a: Node, b: Node): boolean {
  const domain = a.metadata.labels?.[topologyKey];
  return domain !== undefined && domain === b.metadata.labels?.[topologyKey];
}
