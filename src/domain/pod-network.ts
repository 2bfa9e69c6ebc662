/** What an embedded cluster can be told about its pods' network; docs/embedded-cluster.md says what each is. */
export const POD_NETWORKS = ["process", "netns", "auto"] as const;

/** `auto` is decided by trying when the cluster starts. */
export type PodNetworkChoice = (typeof POD_NETWORKS)[number];
