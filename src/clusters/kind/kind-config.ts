/**
 * The configuration of a cluster of our own: one control plane, which is enough for every question we ask,
 * and workers beside it, so that pods are spread and a drain has somewhere to go.
 */
export function kindConfig(nodes: number): string {
  return [
    "kind: Cluster",
    "apiVersion: kind.x-k8s.io/v1alpha4",
    "nodes:",
    "  - role: control-plane",
    ...Array.from({ length: nodes - 1 }, () => "  - role: worker"),
    "",
  ].join("\n");
}
