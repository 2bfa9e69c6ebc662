import type { Observation } from "#domain/observation.ts";
import type { KubernetesObject, WorkloadRef } from "#domain/workload.ts";
import type { Clock } from "./clock.ts";
import type { ClusterMachines } from "./cluster-machines.ts";
import type { ClusterObjects, LeavingPod } from "./cluster-objects.ts";
import type { DataPathWitness } from "./data-path-witness.ts";

/** The cluster as the run sees it: what a client of the Kubernetes API can do, and somebody at its machines. */
export interface Cluster extends ClusterObjects, ClusterMachines {
  /** `embedded (3 nodes)` or `context kind-ci`: for reports. */
  readonly description: string;
  readonly kubernetesVersion: string;
  /** The choice that finds this very cluster again, where it is not the one it was asked for by: `kind:NAME`. */
  readonly foundAs?: string;
  /** Creates or updates the objects, workloads last; a namespace that is missing is created. */
  apply(objects: readonly KubernetesObject[], signal: AbortSignal): Promise<void>;
  /** Its nodes and pods are processes of this machine, descending from this one. */
  readonly sharesMachine?: true;
  /** The workload's generation now; a view that shows a lower one has not caught up with the last write. */
  readGeneration(workload: WorkloadRef, signal: AbortSignal): Promise<number>;
  /**
   * Reports every change of the namespace until the signal aborts; `onObservation` must not throw. The
   * workload may be applied later: its pods are reported from the moment it is seen.
   */
  observe(
    scope: { readonly namespace: string; readonly workload: WorkloadRef; readonly service: string },
    onObservation: (observation: Observation) => void,
    options: { readonly clock: Clock; readonly signal: AbortSignal },
  ): Promise<Watching>;
  /**
   * With a `uid`, only that pod: a namesake that took its place counts as `already-gone`. By a dry run the server
   * answers as if it had done it.
   */
  deletePod(
    pod: LeavingPod,
    gracePeriodSeconds: number | undefined,
    signal: AbortSignal,
  ): Promise<"deleted" | "already-gone">;
  /** The last lines of a container's log, newest last; empty when there is none. */
  readLogTail(
    container: { readonly namespace: string; readonly pod: string; readonly container: string },
    lines: number,
    signal: AbortSignal,
  ): Promise<string>;
  /** What the nodes count of the namespace's containers; nothing where they do not tell. */
  readUsage(
    namespace: string,
    nodes: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly ContainerUsage[]>;
  /**
   * Where the load can reach the Service from this machine, or from a pod of the cluster; or an error that
   * lists what was tried.
   */
  locateService(
    service: {
      readonly namespace: string;
      readonly name: string;
      readonly port?: number;
      readonly from?: "inside";
      /** Absent: any node may be an entrance; otherwise as few as can be, since others may be turned off. */
      readonly fewEntrances?: boolean;
    },
    signal: AbortSignal,
  ): Promise<ServiceAddress>;
  /** Who can say to which pod each connection was led; absent where nobody can. */
  readonly witness?: DataPathWitness;
  /**
   * Ends what this process started, such as the embedded cluster with all its pods, and takes away what was
   * put into the cluster to reach it; never ends a real cluster.
   */
  stop(): Promise<void>;
}

/** What one container held open when its node counted last. */
export interface ContainerUsage {
  readonly pod: string;
  readonly container: string;
  readonly processes: number;
  /** Sockets are among them. */
  readonly descriptors: number;
  readonly sockets: number;
  /** The node's own time of that count, only to tell one count from the next. */
  readonly countedAt: number;
}

/** Where a Service takes connections. */
export interface ServiceAddress {
  /** `http://host:port`: what the requests name. */
  readonly url: string;
  /** Where the connections are opened, in turn: every node that is an entrance. */
  readonly hosts: readonly string[];
  /** `NodePort on 3 nodes`: for reports. */
  readonly via: string;
}

/** Resolves once the first lists are in; `stop` ends the watches. */
export interface Watching {
  stop(): Promise<void>;
}
