import type { Container, Pod } from "#embedded/api/objects.ts";

/** One start of one container. A restart is a new instance with a new id and a higher restart count. */
export interface ContainerInstance {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly restartCount: number;
  /** What it was started with, or has been resized to. */
  readonly resources?: Container["resources"];
  readonly state: InstanceState;
  /** Whom its processes run as; absent where a system does not tell. */
  readonly user?: ContainerUser;
}

export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  readonly supplementalGroups: readonly number[];
}

export type InstanceState =
  | { readonly type: "running"; readonly startedAtMs: number }
  | {
      readonly type: "exited";
      /** 0 when the program could not be started. */
      readonly startedAtMs: number;
      readonly finishedAtMs: number;
      readonly exitCode: number;
      readonly reason: string;
      readonly message?: string;
    };

/** What the probes of one instance say now; absent when such a probe is not defined or has no result. */
export interface ProbeVerdicts {
  readonly startup?: "success" | "failure";
  readonly readiness?: "success" | "failure";
  readonly liveness?: "success" | "failure";
}

/** Why a container is not running although it should be: `ErrImagePull`, `CrashLoopBackOff`, … */
export interface StartFailure {
  readonly reason: string;
  readonly message: string;
}

/**
 * What the kubelet knows of a pod at one instant. Status and next actions are pure functions of it, so
 * a probe result that arrives while a worker is blocked in a kill changes the readiness and nothing else.
 */
export interface PodView {
  readonly pod: Pod;
  /** Newest instance first, at most two, by container name. */
  readonly instances: ReadonlyMap<string, readonly ContainerInstance[]>;
  /** By instance id. */
  readonly verdicts: ReadonlyMap<string, ProbeVerdicts>;
  /** By container name. */
  readonly startFailures: ReadonlyMap<string, StartFailure>;
  readonly sandbox: { readonly ready: boolean; readonly ip?: string };
}

/** The newest instance of a container, or undefined before its first start. */
export function currentInstance(view: PodView, name: string): ContainerInstance | undefined {
  return view.instances.get(name)?.[0];
}
