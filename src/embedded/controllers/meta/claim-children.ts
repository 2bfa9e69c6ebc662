import { isNotFound } from "#embedded/api/api-error.ts";
import type { ApiClient, Resource } from "#embedded/api/client.ts";
import type { KubeObject, LabelSelector } from "#embedded/api/objects.ts";
import { matchesSelector } from "./label-selector.ts";
import { controllerOf, controllerReference } from "./ownership.ts";

export interface Claim<T extends KubeObject> {
  readonly owner: KubeObject;
  readonly selector: LabelSelector;
  readonly resource: Resource;
  /** Everything of that resource in the owner's namespace. */
  readonly candidates: readonly T[];
  /** What children are kept by until their owner has seen to them; comes and goes with the owner. */
  readonly finalizer?: string;
}

/**
 * The objects that an owner controls, after it took in the orphans its selector matches and let go of
 * those it does not match any more. An owner that is being deleted takes in nobody.
 */
export async function claimChildren<T extends KubeObject>(
  { owner, selector, resource, candidates, finalizer }: Claim<T>,
  { api }: { readonly api: ApiClient },
): Promise<readonly T[]> {
  const children: T[] = [];
  for (const candidate of candidates) {
    const controller = controllerOf(candidate);
    const matches = matchesSelector(selector, candidate.metadata.labels);
    if (controller?.uid === owner.metadata.uid) {
      if (matches) children.push(candidate);
      else await change(api, resource, candidate, release(candidate, owner, finalizer));
    } else if (controller === undefined && matches && mayAdopt(owner, candidate)) {
      const adopted = await change(api, resource, candidate, adopt(candidate, owner, finalizer));
      if (adopted !== undefined) children.push(adopted);
    }
  }
  return children;
}

function mayAdopt(owner: KubeObject, orphan: KubeObject): boolean {
  return (
    owner.metadata.deletionTimestamp === undefined &&
    orphan.metadata.deletionTimestamp === undefined
  );
}

interface Ownership {
  readonly ownerReferences: readonly object[];
  readonly finalizers?: readonly string[];
}

function adopt({ metadata }: KubeObject, owner: KubeObject, finalizer?: string): Ownership {
  const ownerReferences = [...(metadata.ownerReferences ?? []), controllerReference(owner)];
  const { finalizers = [] } = metadata;
  if (finalizer === undefined || finalizers.includes(finalizer)) return { ownerReferences };
  return { ownerReferences, finalizers: [...finalizers, finalizer] };
}

function release({ metadata }: KubeObject, owner: KubeObject, finalizer?: string): Ownership {
  const others = (metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
  const { finalizers = [] } = metadata;
  if (finalizer === undefined || !finalizers.includes(finalizer)) {
    return { ownerReferences: others };
  }
  return { ownerReferences: others, finalizers: finalizers.filter((one) => one !== finalizer) };
}

async function change<T extends KubeObject>(
  api: ApiClient,
  resource: Resource,
  { metadata }: T,
  ownership: Ownership,
): Promise<T | undefined> {
  const { name, namespace, uid } = metadata;
  try {
    return await api.patch<T>(resource, {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      type: "merge",
      // With the uid, so that a successor of the same name is not touched.
      body: { metadata: { uid, ...ownership } },
    });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
