import { LOAD_WORKER_LABEL } from "#domain/load-worker.ts";
import { type Toleration, unreachableSeconds } from "#domain/unreachable-node.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";

/** A pod on a node, and what decides whether a drain may move it. */
export interface PodOnNode {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The kind that will make another one; absent when nobody will. */
  readonly controller?: string;
  /** Made from a file on the node: the API shows only its mirror. */
  readonly mirror: boolean;
  readonly ended: boolean;
  /** How long it stays there once the node is lost. */
  readonly unreachableSeconds: number;
}

interface PodFields {
  readonly metadata: {
    readonly uid: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly controller?: boolean }[];
  };
  readonly spec?: { readonly tolerations?: readonly Toleration[] };
  readonly status?: { readonly phase?: string };
}

const MIRROR = "kubernetes.io/config.mirror";

/** All pods that are bound to the node, of every namespace, but those that offer the load. */
export async function podsOnNode(
  node: string,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly PodOnNode[]> {
  const query = { apiVersion: "v1", kind: "Pod", fieldSelector: `spec.nodeName=${node}` };
  // The load's own pods are not among what is disturbed: a drain that took them would end the measuring.
  const ofLoad = ({ metadata }: KubernetesObject) =>
    metadata.labels?.[LOAD_WORKER_LABEL] !== undefined;
  const pods = await cluster.listObjects(query, signal);
  return pods.filter((pod) => !ofLoad(pod)).map(read);
}

function read(object: KubernetesObject): PodOnNode {
  const { metadata, spec, status } = object as unknown as PodFields; // a pod of the API
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const phase = status?.phase;
  return {
    namespace: object.metadata.namespace ?? "default",
    name: object.metadata.name,
    uid: metadata.uid,
    ...(owner !== undefined && { controller: owner.kind }),
    mirror: object.metadata.annotations?.[MIRROR] !== undefined,
    ended: phase === "Succeeded" || phase === "Failed",
    unreachableSeconds: unreachableSeconds(spec?.tolerations ?? []),
  };
}
