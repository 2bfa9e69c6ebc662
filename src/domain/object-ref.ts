import type { WorkloadRef } from "./workload.ts";

/** One object of the Kubernetes API by its address. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for what belongs to the whole cluster, such as a Node. */
  readonly namespace?: string;
  readonly name: string;
}

/** `Deployment shop/web`, `Node worker-1`: how people are told of an object. */
export function describeRef({ kind, namespace, name }: ObjectRef): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** `deployment/web`: how the history names what an action was done to, as kubectl does. */
export function shortRef({ kind, name }: Pick<ObjectRef, "kind" | "name">): string {
  return `${kind.toLowerCase()}/${name}`;
}

/** The workload as an object of the API. */
export function workloadRef({ kind, namespace, name }: WorkloadRef): ObjectRef {
  return { apiVersion: "apps/v1", kind, namespace, name };
}

/** A node by its name. */
export function nodeRef(name: string): ObjectRef {
  return { apiVersion: "v1", kind: "Node", name };
}
