import type { InsideSettings } from "#harness.ts";
import type { ClusterSettings } from "#open-clusters.ts";
import type { LoadPlace, Settings } from "#scenario/load-settings.ts";
import { parsePodNetwork } from "#scenario/parse-pod-network.ts";
import type { WatcherChoice } from "#watchers.ts";

/** What `worldParameters` may set; each falls back to `lastcall.yaml`, then to the default. */
export interface WorldParameters extends WatcherChoice {
  readonly cluster?: string;
  /** Of a cluster that is created, how many nodes it gets; 3 unless given. */
  readonly nodes?: number;
  /** A kind configuration file, for `kind`. */
  readonly kindConfig?: string;
  /** The image of its nodes, for `kind`. */
  readonly kindImage?: string;
  /** Whether a kind cluster that was created is kept. */
  readonly keep?: boolean;
  readonly scenario?: string;
  readonly reports?: string;
  /** Shows what each run would do, and touches nothing; `quietly` attaches it and says nothing. */
  readonly dryRun?: boolean | "quietly";
  /** How often each run may be repeated until its answer is certain; 1 unless given. */
  readonly repeat?: number;
  /** The run, or result, that each is compared with. */
  readonly baseline?: string;
  /** `process`, `netns` or `auto`: where the pods of an embedded cluster have their addresses. */
  readonly podNetwork?: string;
  /** `outside` or `inside`: whether the load comes from this machine or from pods of the cluster. */
  readonly loadFrom?: LoadPlace;
  /** How many pods share the load from inside; 1 unless given. */
  readonly loadWorkers?: number;
  /** The image that they run; this version's `lastcall/runner` unless given. */
  readonly runnerImage?: string;
}

/** How the cluster is made, as far as the parameters say. */
export function clusterSettingsOf(parameters: WorldParameters): ClusterSettings {
  const { nodes, kindConfig, kindImage, keep } = parameters;
  const podNetwork = parsePodNetwork(parameters.podNetwork);
  const kind = {
    ...(kindConfig !== undefined && { config: kindConfig }),
    ...(kindImage !== undefined && { image: kindImage }),
    ...(keep !== undefined && { keep }),
  };
  const embedded = podNetwork === undefined ? {} : { podNetwork };
  return { ...(nodes !== undefined && { nodes }), embedded, kind };
}

/** Where the load comes from; empty: from this machine. */
export function insideOf(settings: Settings): { readonly inside?: InsideSettings } {
  const { loadFrom, loadWorkers = 1, runnerImage } = settings;
  if (loadFrom !== "inside") return {};
  return {
    inside: { workers: loadWorkers, ...(runnerImage !== undefined && { image: runnerImage }) },
  };
}
