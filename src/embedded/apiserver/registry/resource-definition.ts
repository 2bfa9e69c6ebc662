import type { Resource } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import type { JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import type { SelectableFields } from "#embedded/apiserver/selectors/field-selector.ts";
import type { TablePrinter } from "#embedded/apiserver/tables/table.ts";
import type { Problem } from "#embedded/apiserver/validation/problem.ts";
import type { ServerContext } from "./server-context.ts";

/** What is particular to one resource. A draft is the server's own copy and may be changed in place. */
export interface ResourceRules {
  /** Fields that the server fills in when nobody gave them; runs on every write. */
  readonly setDefaults?: (draft: KubeObject) => void;
  /** The first status, and what only the server may hand out (addresses, ports, tolerations). */
  readonly prepareForCreate?: (draft: KubeObject, context: ServerContext) => void;
  /** Writes into a new object who has asked for it. */
  readonly setAuthor?: (draft: KubeObject, user: object) => void;
  readonly prepareForUpdate?: (draft: KubeObject, old: KubeObject, context: ServerContext) => void;
  readonly validate?: (object: KubeObject) => readonly Problem[];
  /** What is wrong only with a new one. */
  readonly validateCreate?: (object: KubeObject) => readonly Problem[];
  readonly validateUpdate?: (object: KubeObject, old: KubeObject) => readonly Problem[];
  readonly validateStatus?: (object: KubeObject, old: KubeObject) => readonly Problem[];
  /** Parts of the spec that have a path of their own, by its name. */
  readonly parts?: Partial<Record<SpecPart, PartRules>>;
  /** The fields a selector may name besides `metadata.name` and `metadata.namespace`. */
  readonly selectableFields?: readonly string[];
  readonly fieldsOf?: (object: KubeObject) => SelectableFields;
}

/** A part of a spec that is read with the object, and written by a path of its own. */
export type SpecPart = "ephemeralcontainers" | "resize";

/** How one part of a spec is written: nothing else of the object changes with it. */
export interface PartRules {
  /** The spec of the stored object with that part of the one that was sent. */
  readonly take: (draft: KubeObject, old: KubeObject) => unknown;
  /** Completes what was taken by the rules of its namespace, or throws a 403. */
  readonly admit?: (draft: KubeObject, context: ServerContext) => void;
  readonly validateUpdate: (object: KubeObject, old: KubeObject) => readonly Problem[];
}

/** One resource as the API serves it. */
export interface ResourceDefinition extends Resource {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Where the objects are stored; versions of one resource share it. */
  readonly collection: string;
  readonly verbs: readonly Verb[];
  readonly hasStatus: boolean;
  /** The creator may bring the first status, as a kubelet does for its node. */
  readonly takesFirstStatus: boolean;
  readonly hasScale: boolean;
  /** Whether its status can also be written as somebody's approval. */
  readonly hasApproval: boolean;
  /** Whether `metadata.generation` counts the changes of what is wanted. */
  readonly tracksGeneration: boolean;
  /** Deleting answers with the object instead of a Status. */
  readonly returnsDeleted: boolean;
  /** A delete that names no policy orphans the dependents (batch/v1 and replicationcontrollers). */
  readonly orphansByDefault: boolean;
  /** An update may leave out the resourceVersion it is based on. */
  readonly allowsUnconditionalUpdate: boolean;
  /** Custom resources have no strategic merge. */
  readonly isCustom: boolean;
  /** Rewrites a stored object for this version of the resource, and back. */
  readonly conversion?: {
    readonly fromStored: (object: KubeObject) => KubeObject;
    readonly toStored: (object: KubeObject) => KubeObject;
  };
  /** What is told to who creates one: that less will come of it than elsewhere. */
  readonly creationWarning?: string;
  /** What every answer warns of: that the resource, or this version of it, will go. */
  readonly deprecation?: string;
  /** Set for a question: the status that answers who asks it. Nothing is stored then. */
  readonly reviewAnswer?: ReviewAnswer;
  /** What a custom resource's definition says of its fields: OpenAPI, version 3. */
  readonly schema?: JsonObject;
  /** Columns of a custom resource's own. */
  readonly printer?: TablePrinter;
  readonly rules: ResourceRules;
}

/** The status that answers a question; asked by a user, with an object. */
export type ReviewAnswer = (user: object, question: KubeObject) => object;

/** What can be done with a resource, in the words of discovery and RBAC. */
export type Verb =
  | "create"
  | "delete"
  | "deletecollection"
  | "get"
  | "list"
  | "patch"
  | "update"
  | "watch";

const ALL_VERBS: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** Fills in what most resources have in common: all verbs, no subresources, nothing particular. */
export function define(
  resource: Resource,
  particulars: Partial<Omit<ResourceDefinition, keyof Resource>> = {},
): ResourceDefinition {
  return {
    ...resource,
    singular: resource.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    collection: `${resource.group}/${resource.plural}`,
    verbs: ALL_VERBS,
    hasStatus: false,
    takesFirstStatus: false,
    hasScale: false,
    hasApproval: false,
    tracksGeneration: false,
    returnsDeleted: false,
    orphansByDefault: false,
    allowsUnconditionalUpdate: true,
    isCustom: false,
    rules: {},
    ...particulars,
  };
}

/** `apps/v1`, or `v1` in the core group. */
export function apiVersionOf({ group, version }: Pick<Resource, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}
