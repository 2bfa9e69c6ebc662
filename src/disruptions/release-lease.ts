import type { ObjectRef } from "#domain/object-ref.ts";
import type { Cluster } from "#ports/cluster.ts";

/** The Lease that a run holds in the namespace of its workload. */
export function leaseRef(namespace: string): ObjectRef {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace, name: "lastcall" };
}

/** What a Lease says of its holder, and by which it is told from another of its name. */
export interface LeaseFields {
  readonly metadata: { readonly uid?: string; readonly resourceVersion?: string };
  readonly spec?: { readonly holderIdentity?: string; readonly renewTime?: string };
}

/**
 * Removes the Lease if this run holds it; false when it does not. Its version is compared by the server, so
 * that a Lease that somebody takes over in this very moment stays.
 */
export async function releaseLease(
  cluster: Cluster,
  { namespace, runId }: { readonly namespace: string; readonly runId: string },
  signal: AbortSignal,
): Promise<boolean> {
  const ref = leaseRef(namespace);
  const found = (await cluster.readObject(ref, signal)) as LeaseFields | undefined; // a Lease
  if (found?.spec?.holderIdentity !== runId) return false;
  const { uid, resourceVersion } = found.metadata;
  const options = {
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  return (await cluster.deleteObject(ref, options, signal)) === "deleted";
}
