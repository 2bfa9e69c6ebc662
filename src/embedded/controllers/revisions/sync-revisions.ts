import { isDeepStrictEqual } from "node:util";
import { ApiError } from "#embedded/api/api-error.ts";
import type { KubeObject, PodTemplate } from "#embedded/api/objects.ts";
import { CONTROLLER_REVISIONS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { controllerReference, isControlledBy } from "#embedded/controllers/meta/ownership.ts";
import { templateHash } from "#embedded/controllers/meta/template-hash.ts";
import { type ControllerRevision, revisionData } from "./controller-revision.ts";

export interface RevisionOwner {
  readonly owner: KubeObject;
  readonly template: PodTemplate;
  readonly collisionCount: number;
  /** The label that carries the hash: each workload kind has its own. */
  readonly hashLabel: string;
}

export interface Revisions {
  /** The revision of the template as it is now. */
  readonly update: ControllerRevision;
  /** All of them, the oldest first. */
  readonly all: readonly ControllerRevision[];
}

/** The owner's revisions, the one of its present template among them: made, or made the newest again. */
export async function syncRevisions(
  { owner, template, collisionCount, hashLabel }: RevisionOwner,
  { api, caches }: Cluster,
): Promise<Revisions> {
  const { name, namespace = "" } = owner.metadata;
  const known = caches
    .of<ControllerRevision>(CONTROLLER_REVISIONS)
    .list(namespace)
    .filter((revision) => isControlledBy(revision, owner))
    .toSorted((a, b) => a.revision - b.revision);
  const data = revisionData(template);
  const next = (known.at(-1)?.revision ?? 0) + 1;
  const same = known.findLast((revision) => isDeepStrictEqual(revision.data, data));
  if (same !== undefined && same === known.at(-1)) return { update: same, all: known };
  if (same !== undefined) {
    const raised = { ...same, revision: next };
    const update = await api.update<ControllerRevision>(CONTROLLER_REVISIONS, raised);
    return { update, all: [...known.filter((revision) => revision !== same), update] };
  }
  const hash = templateHash(template, collisionCount);
  const update = await api.create<ControllerRevision>(CONTROLLER_REVISIONS, {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...template.metadata.labels, [hashLabel]: hash },
      ownerReferences: [controllerReference(owner)],
    },
    data,
    revision: next,
  });
  return { update, all: [...known, update] };
}

/** True when the name of a new revision was taken by another template's. */
export function isHashCollision(error: unknown): boolean {
  return error instanceof ApiError && error.reason === "AlreadyExists";
}

/** Deletes the oldest revisions beyond the limit that no pod and no status names any more. */
export async function trimRevisions(
  { all }: Revisions,
  { live, limit }: { readonly live: ReadonlySet<string>; readonly limit: number },
  { api }: Cluster,
): Promise<void> {
  const dead = all.filter(({ metadata }) => !live.has(metadata.name));
  for (const { metadata } of dead.slice(0, Math.max(0, dead.length - limit))) {
    const { name, namespace = "" } = metadata;
    await api.delete(CONTROLLER_REVISIONS, name, { namespace });
  }
}
