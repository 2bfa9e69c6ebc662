import type { MachineShare } from "./machine-share.ts";

/**
 * What the cluster told us, stamped on arrival with the run's monotonic clock. Kubernetes' own
 * timestamps have a resolution of one second: they are kept as evidence, never used for milliseconds.
 */
export type Observation =
  | {
      readonly type: "pod";
      readonly atMs: number;
      readonly change: "added" | "modified" | "deleted";
      readonly pod: PodSnapshot;
    }
  | {
      readonly type: "endpoint-slice";
      readonly atMs: number;
      readonly change: "added" | "modified" | "deleted";
      readonly slice: string;
      readonly service: string;
      readonly endpoints: readonly EndpointSnapshot[];
    }
  | {
      readonly type: "workload";
      readonly atMs: number;
      readonly workload: WorkloadSnapshot;
    }
  | {
      /** A Kubernetes Event: the kubelet's and controllers' own words. */
      readonly type: "event";
      readonly atMs: number;
      readonly about: string;
      readonly severity: "Normal" | "Warning";
      readonly reason: string;
      readonly message: string;
    }
  | {
      /** One API action of the harness, bracketed by its sending and its answer. */
      readonly type: "action";
      readonly atMs: number;
      readonly answeredAtMs: number;
      readonly verb: string;
      readonly object: string;
      readonly result: string;
    }
  | {
      /** What a node counted of one container since the run looked before. */
      readonly type: "usage";
      readonly atMs: number;
      readonly pod: string;
      readonly uid: string;
      readonly container: string;
      readonly processes: number;
      /** Open descriptors, sockets among them. */
      readonly descriptors: number;
      readonly sockets: number;
    }
  | ({
      /** How this run's programs fared among the others of this machine, over the time before. */
      readonly type: "machine";
      readonly atMs: number;
      readonly forMs: number;
    } & MachineShare)
  | {
      /** From here on the data path of a node is heard, or is not any more. */
      readonly type: "witness";
      readonly atMs: number;
      readonly node: string;
      readonly heard: boolean;
      /** Why it is not. */
      readonly because?: string;
    }
  | {
      /** The watch was blind between two instants; a checker that needs it must not pass. */
      readonly type: "watch-gap";
      readonly atMs: number;
      readonly untilMs: number;
      readonly resource: string;
      readonly reason: string;
    };

/** What one pod object said. Times as text are Kubernetes', to the second. */
export interface PodSnapshot {
  readonly name: string;
  readonly uid: string;
  readonly node?: string;
  readonly ip?: string;
  /** `pod-template-hash` or `controller-revision-hash`: which revision of the workload it belongs to. */
  readonly revision?: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly terminationGracePeriodSeconds: number;
  /** The longest preStop sleep of its containers, when the hook is a sleep. */
  readonly preStopSleepSeconds?: number;
  readonly containers: readonly ContainerSnapshot[];
}

/** What the status of one container said; restartable init containers are among them. */
export interface ContainerSnapshot {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: "waiting" | "running" | "terminated";
  readonly reason?: string;
  /** Why it waits or ended, in the kubelet's words: `exec: "serve": executable file not found in $PATH`. */
  readonly message?: string;
  readonly exitCode?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** What the node really runs: a name, and the digest that it stands for; absent until it was pulled. */
  readonly image?: string;
  readonly imageId?: string;
  /** How its previous incarnation ended, when it was restarted. */
  readonly previousExit?: { readonly exitCode: number; readonly reason?: string };
  /** What its spec says about its start and its end; absent in histories that did not record it. */
  readonly setup?: ContainerSetup;
}

/** The part of a container's spec that decides how it starts and ends. */
export interface ContainerSetup {
  /** A restartable init container: the kubelet stops it after the others. */
  readonly sidecar: boolean;
  /** The name of the program that its spec starts, without its path; absent where the image says which. */
  readonly program?: string;
  /** The shell that its spec makes PID 1 in front of the program, because the script has no `exec`. */
  readonly shell?: string;
  readonly preStop?: PreStopHook;
  readonly readinessProbe?: ProbePace;
  readonly memoryLimit?: string;
}

/** A command that does nothing but sleep counts as a sleep, and `command` tells it from the sleep action. */
export type PreStopHook =
  | { readonly type: "sleep"; readonly seconds: number; readonly command?: true }
  | { readonly type: "exec" }
  | { readonly type: "http-get" };

/** How soon a probe notices: after `failureThreshold` failures in a row, one each period. */
export interface ProbePace {
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

/** One address of an EndpointSlice; `pod` is absent where no pod is known to stand behind it. */
export interface EndpointSnapshot {
  readonly address: string;
  readonly pod?: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

/** What the workload's spec asked for and its status said, at one moment. */
export interface WorkloadSnapshot {
  readonly kind: string;
  readonly name: string;
  readonly generation: number;
  /** The generation that its controller has acted upon; the counts below are about that one. */
  readonly observedGeneration?: number;
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
  readonly available: number;
  readonly revision?: string;
  readonly minReadySeconds?: number;
  /** As the spec says it, a number of pods or a share of them; absent where nothing rolls. */
  readonly maxUnavailable?: number | string;
}
