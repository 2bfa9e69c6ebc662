import type { PodNetworkChoice } from "./pod-network.ts";
import type { ScenarioDigests } from "./scenario.ts";

/** What it takes to do a run again, beside the disruptions that its header names anyway. */
export interface Recipe {
  /** The scenario's file, relative to the folder that the run's own folder is in. */
  readonly scenario: string;
  readonly digests: ScenarioDigests;
  /** As the feature asked; absent: as many as the manifest says. */
  readonly replicas?: number;
  /** As it was chosen: `embedded`, `kind`, `context:NAME`, … */
  readonly cluster: string;
  /** Absent unless the run's own cluster was told another than its default. */
  readonly dataPathDelayMs?: number;
  /** Absent unless the run's own cluster was told one. */
  readonly podNetwork?: PodNetworkChoice;
  /** Absent: the load came from the machine that the run was started on. */
  readonly inside?: { readonly workers: number; readonly image?: string };
  /** Strategic merge patches that the workload had in this run, and that its manifests do not have. */
  readonly patches?: readonly string[];
}
