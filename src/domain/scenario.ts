import type { AbortConditions } from "./abort-conditions.ts";
import type { LoadStream } from "./load-profile.ts";
import type { KubernetesObject, WorkloadRef } from "./workload.ts";

/** Everything a run needs to know, parsed and checked at one door (`#scenario/`). */
export interface Scenario {
  readonly name: string;
  /** The folder of its `scenario.yaml`; relative paths in it start here. */
  readonly directory: string;
  readonly workload: WorkloadRef;
  /** The Service that the load goes through. */
  readonly service: string;
  /** The Service port the load uses, when it has several. */
  readonly servicePort?: number;
  /** Where the Service answers, if the user knows better than the API (an ingress, a load balancer). */
  readonly url?: string;
  readonly objects: readonly KubernetesObject[];
  /** The workload is in the cluster already: nothing is applied, and it is left as it was found. */
  readonly isRunning?: true;
  /** Container images that the embedded cluster runs as local programs. Real clusters ignore it. */
  readonly images: readonly ImageMapping[];
  /** How images are built for clusters whose nodes run them; absent when none has to be. */
  readonly builds?: readonly ImageBuild[];
  readonly load: readonly LoadStream[];
  readonly timing: Timing;
  /** How often a container may end by itself before the workload is ready; twice unless given. */
  readonly exitsForgiven?: number;
  /** Absent: nothing ends a run before its time. */
  readonly abort?: AbortConditions;
  /** Absent when it was not read from a file. */
  readonly origin?: ScenarioOrigin;
  /** Strategic merge patches that its workload has, and its manifests have not. */
  readonly patches?: readonly string[];
}

/** Where a scenario came from, and what it said then. */
export interface ScenarioOrigin {
  /** Absolute path. */
  readonly file: string;
  readonly digests: ScenarioDigests;
}

/** One short hash for each part of a scenario: it differs when the part says something else. */
export type ScenarioDigests = Readonly<Record<ScenarioPart, string>>;

/** What can change apart from the rest, and is told by its name when it has. */
export type ScenarioPart = "manifests" | "service" | "images" | "load" | "timing";

/** The local program that stands for a container image in the embedded cluster. */
export interface ImageMapping {
  readonly image: string;
  /** Absolute working directory of the program. */
  readonly directory: string;
  /** The image's entry point, used when the container names no command. */
  readonly command: readonly string[];
}

/** How an image is built that no registry has, for a cluster on this machine. */
export interface ImageBuild {
  readonly image: string;
  /** Absolute path of the folder with its Dockerfile. */
  readonly context: string;
  /** Build arguments that are taken from the environment, where it has them. */
  readonly args: readonly string[];
}

/** The waits that a scenario demands, in milliseconds. */
export interface Timing {
  readonly warmUpMs: number;
  readonly controlMs: number;
  readonly recoveryMs: number;
  /** Added to the end of each exposure window. */
  readonly marginMs: number;
  /** How long the workload may take to become ready, or a disruption to be over. */
  readonly deadlineMs: number;
  /** How long in-flight requests may take to end after the load stops. */
  readonly drainMs: number;
}
