/** How long a node may be silent until it is taken for lost, unless a cluster says otherwise. */
export const NODE_MONITOR_GRACE_MS = 50_000;

/** The part of a pod's toleration that says how long it stays on a lost node. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

/** What the API server gives a pod that does not say. */
const DEFAULT_SECONDS = 300;

/** How long a pod with these tolerations stays on a node that is lost; for ever where no limit is set. */
export function unreachableSeconds(tolerations: readonly Toleration[]): number {
  const matching = tolerations.filter(
    ({ key, operator, effect }) =>
      (effect === undefined || effect === "" || effect === "NoExecute") &&
      (key === "node.kubernetes.io/unreachable" || (key === undefined && operator === "Exists")),
  );
  if (matching.length === 0) return DEFAULT_SECONDS;
  const limits = matching.map(({ tolerationSeconds }) => tolerationSeconds ?? Infinity);
  return Math.max(0, Math.min(...limits));
}
