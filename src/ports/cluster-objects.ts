import type { ObjectRef } from "#domain/object-ref.ts";
import type { KubernetesObject } from "#domain/workload.ts";

/** What can be done to single objects of the cluster, each by one request. */
export interface ClusterObjects {
  /** Undefined when there is no such object. */
  readObject(ref: ObjectRef, signal: AbortSignal): Promise<KubernetesObject | undefined>;
  /** All of a kind, in one namespace or in all; an unknown kind has no objects. */
  listObjects(query: ObjectQuery, signal: AbortSignal): Promise<readonly KubernetesObject[]>;
  /** `exists` when the name is taken already; nothing is changed then. */
  createObject(object: KubernetesObject, signal: AbortSignal): Promise<"created" | "exists">;
  /**
   * `conflict` when a JSON patch's `test` does not hold or the stated resource version is an old one:
   * somebody else was there first, and nothing was changed.
   */
  patchObject(ref: ObjectRef, patch: ObjectPatch, signal: AbortSignal): Promise<PatchOutcome>;
  deleteObject(
    ref: ObjectRef,
    options: DeletionOptions,
    signal: AbortSignal,
  ): Promise<"deleted" | "already-gone">;
  /** Asks for an eviction, which a disruption budget may refuse. */
  evictPod(pod: LeavingPod, signal: AbortSignal): Promise<EvictionOutcome>;
  /** Runs a program in a container and waits for its end. */
  runInContainer(
    container: { readonly namespace: string; readonly pod: string; readonly container: string },
    command: readonly string[],
    signal: AbortSignal,
  ): Promise<CommandOutcome>;
  /**
   * Starts a program in a container and talks with it; the signal counts until it has started. Throws when
   * the container cannot be reached; a program that cannot be started ends its session at once.
   */
  openSession(request: SessionRequest, signal: AbortSignal): Promise<ContainerSession>;
}

/** Which program is started where, and who hears what it says. */
export interface SessionRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  /** Its standard output, in order; must not throw. */
  onOutput(chunk: Buffer): void;
}

/** A program that goes on in a container. */
export interface ContainerSession {
  /** Goes to its standard input. */
  send(text: string): void;
  /** Never rejects: how the program, or the connection with it, came to its end. */
  readonly ended: Promise<string>;
  /** Ends the program's input and the connection. */
  close(): void;
}

/** Selectors as the API takes them: `app=web`, `spec.nodeName=worker-1`. */
export interface ObjectQuery {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent: all namespaces, or an object of the whole cluster. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** The three kinds of patches; `dryRun` has the server answer as if it had done it. */
export interface ObjectPatch {
  readonly type: "json" | "merge" | "strategic";
  readonly body: object;
  readonly subresource?: "status";
  readonly dryRun?: boolean;
}

/** `conflict` is an answer and no error: somebody else has changed what the patch was made for. */
export type PatchOutcome =
  | { readonly type: "patched"; readonly object: KubernetesObject }
  | { readonly type: "conflict"; readonly message: string }
  | { readonly type: "not-found" };

/** With a `uid`, only that object and no namesake. */
export interface DeletionOptions {
  readonly uid?: string;
  /** Only while nobody has changed it since. */
  readonly resourceVersion?: string;
  readonly propagation?: "Background" | "Foreground";
  readonly dryRun?: true;
}

/** With a `uid`, only that pod and no namesake; `dryRun` has the server answer as if it had done it. */
export interface LeavingPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly dryRun?: true;
}

/** `refused` is an answer and no error: the budget did what it is there for. `busy` asks to come again. */
export type EvictionOutcome =
  | { readonly type: "evicted" }
  | { readonly type: "already-gone" }
  | { readonly type: "refused"; readonly message: string; readonly budget?: string }
  | { readonly type: "busy"; readonly message: string };

/** `not-run` when the container, or the program in it, surely was not started; `lost` when it may have run. */
export type CommandOutcome =
  | { readonly type: "ended"; readonly exitCode: number; readonly output: string }
  | { readonly type: "not-run"; readonly message: string }
  | { readonly type: "lost"; readonly message: string };
