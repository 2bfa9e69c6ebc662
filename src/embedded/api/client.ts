import type { KubeObject } from "./objects.ts";

/**
 * The API as controllers, kubelet and network see it: the same verbs that HTTP clients have, served by
 * the API server without the wire. Nothing here reaches the store around admission and validation.
 */
export interface ApiClient {
  get<T extends KubeObject>(
    resource: Resource,
    name: string,
    namespace?: string,
  ): Promise<T | undefined>;
  list<T extends KubeObject>(resource: Resource, options?: ListOptions): Promise<ListResult<T>>;
  create<T extends KubeObject>(resource: Resource, object: NewObject<T>): Promise<T>;
  /**
   * Full replacement; throws an ApiError 409 when `metadata.resourceVersion` is stale. With `status` only
   * the status is taken over, with `binding` the object is a `Binding` whose name is the pod's, and with
   * `finalize` the object is a Namespace whose `spec.finalizers` are taken over.
   */
  update<T extends KubeObject>(
    resource: Resource,
    object: T,
    subresource?: Subresource,
  ): Promise<T>;
  patch<T extends KubeObject>(resource: Resource, patch: PatchRequest): Promise<T>;
  /** Resolves to undefined when it was already gone. */
  delete(
    resource: Resource,
    name: string,
    options?: DeleteRequest,
  ): Promise<KubeObject | undefined>;
  /** Ends when the signal aborts. Starts after `resourceVersion`; throws ApiError 410 when that is too old. */
  watch<T extends KubeObject>(
    resource: Resource,
    options: ListOptions & { resourceVersion: string; signal: AbortSignal },
  ): AsyncIterable<WatchEvent<T>>;
  /** Everything served now, custom resources included: what garbage collection has to look at. */
  resources(): readonly Resource[];
}

/** `group` is empty for the core group; `plural` as in the URL: `pods`, `endpointslices`. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** What a creator gives; the server fills in uid, resourceVersion, creationTimestamp and defaults. */
export type NewObject<T extends KubeObject> = Omit<T, "metadata" | "status"> & {
  metadata: Partial<T["metadata"]>;
  status?: unknown;
};

/** What to select; everything when nothing is given. */
export interface ListOptions {
  readonly namespace?: string;
  /** Kubernetes' syntax: `app=web,tier in (a,b),!canary`. */
  readonly labelSelector?: string;
  /** Kubernetes' syntax: `spec.nodeName=node-1`. */
  readonly fieldSelector?: string;
}

export interface ListResult<T extends KubeObject> {
  readonly items: T[];
  readonly resourceVersion: string;
}

export type Subresource = "status" | "scale" | "binding" | "finalize";

export interface PatchRequest {
  readonly name: string;
  readonly namespace?: string;
  readonly type: "json" | "merge" | "strategic";
  readonly body: unknown;
  readonly subresource?: Subresource;
}

export interface DeleteRequest {
  readonly namespace?: string;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly preconditions?: {
    readonly uid?: string | undefined;
    readonly resourceVersion?: string | undefined;
  };
}

export interface WatchEvent<T extends KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
}
