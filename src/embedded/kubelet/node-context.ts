import type { ApiClient } from "#embedded/api/client.ts";
import type { BackOff } from "./back-off.ts";
import type { EventRecorder } from "./events.ts";
import type { ImageMapping } from "./images.ts";
import type { PodSandboxes } from "./pod-sandboxes.ts";
import type { PodTokens } from "./pod-tokens.ts";
import type { ContainerRuntime } from "./runtime/container-runtime.ts";
import type { MemoryWatch } from "./usage/memory-watch.ts";

/** How long a real node takes for what costs nothing here. */
export interface KubeletTiming {
  /** Between a change of a container and its notice by the pod worker (the relist of a real kubelet: 1 s). */
  readonly relistMs: number;
  /**
   * A real node sees the start of a sandbox and of its container as two changes and looks at the pod
   * again one relist after the first look; a program that was not ready at once is then asked again.
   */
  readonly secondLookMs: number;
  /**
   * A real node that sees start and end of a container in one relist (1 s) looks at its pod twice, and only the
   * second look tells of CrashLoopBackOff; with one look the container's last end is shown until it is started again.
   */
  readonly oneLookMs: number;
  /** From the look that finds all containers of a pod ended by themselves to the end of the pod. */
  readonly finishMs: number;
  /** The first delay of CrashLoopBackOff and ImagePullBackOff; it doubles. */
  readonly backOffMs: number;
  readonly longestBackOffMs: number;
  /** How often files of volumes are brought up to date (a real kubelet: once a minute). */
  readonly volumeRefreshMs: number;
  /** Until something that another object must repair (a missing ConfigMap, …) is tried again: 10 to 15 s on a real node. */
  readonly retryMs: number;
}

/** Where nothing else is said; tests say less. */
export const DEFAULT_TIMING: KubeletTiming = {
  relistMs: 50,
  secondLookMs: 500,
  oneLookMs: 1_000,
  finishMs: 1_000,
  backOffMs: 10_000,
  longestBackOffMs: 300_000,
  volumeRefreshMs: 15_000,
  retryMs: 12_500,
};

/** What all pods of a node share. */
export interface NodeContext {
  readonly client: ApiClient;
  readonly name: string;
  readonly address: string;
  readonly allocatable: Readonly<Record<string, string>>;
  readonly images: readonly ImageMapping[];
  readonly directory: string;
  /** Where volumes lie that are to be kept in memory. */
  readonly memoryDirectory: string;
  readonly timing: KubeletTiming;
  readonly runtime: ContainerRuntime;
  readonly memory: MemoryWatch;
  readonly events: EventRecorder;
  readonly sandboxes: PodSandboxes;
  readonly restarts: BackOff;
  readonly imagePulls: BackOff;
  readonly tokens: PodTokens;
  /** Where pods ask for the names of Services; undefined where nobody answers. */
  readonly dns: string | undefined;
}
