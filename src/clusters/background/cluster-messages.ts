import type { PodNetworkChoice } from "#domain/pod-network.ts";
import type { ImageMapping } from "#domain/scenario.ts";

/** What the process of a background cluster is told, once. */
export interface StartCluster {
  readonly name: string;
  /** Where it finds its home, prepared by whoever started it. */
  readonly staging: string;
  /** Where the home has to be moved, unless somebody else is there. */
  readonly directory: string;
  readonly nodes: number;
  readonly images: readonly ImageMapping[];
  readonly podNetwork?: PodNetworkChoice;
}

/** What it answers, once; afterwards it is on its own. */
export type ClusterReport =
  | { readonly type: "started" }
  /** Another cluster of that name was faster. */
  | { readonly type: "taken" }
  | { readonly type: "failed"; readonly reason: string };
