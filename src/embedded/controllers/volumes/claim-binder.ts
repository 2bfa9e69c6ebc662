import type { KubeObject } from "#embedded/api/objects.ts";
import { PERSISTENT_VOLUME_CLAIMS } from "#embedded/api/resources.ts";
import { type Controller, keyOf, splitKey, watch } from "#embedded/controllers/controller.ts";

interface Claim extends KubeObject {
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly volumeName?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
  readonly status?: {
    readonly phase?: string;
    readonly accessModes?: readonly string[];
    readonly capacity?: object;
  };
}

/**
 * Binds every claim at once. There are no volumes to choose from: the kubelet keeps a directory for each
 * claim, so a claim is as good as its volume.
 */
export const claimBinder: Controller = {
  name: "persistentvolume-controller",
  workers: 1,
  watches: [watch<Claim>(PERSISTENT_VOLUME_CLAIMS, (claim) => [keyOf(claim)])],
  async reconcile(key, { api, caches }) {
    const { namespace, name } = splitKey(key);
    const claim = caches.of<Claim>(PERSISTENT_VOLUME_CLAIMS).get(name, namespace);
    if (claim === undefined || claim.status?.phase === "Bound") return undefined;
    const { metadata, spec } = claim;
    const annotations = { ...metadata.annotations, "pv.kubernetes.io/bind-completed": "yes" };
    const named = await api.update<Claim>(PERSISTENT_VOLUME_CLAIMS, {
      ...claim,
      metadata: { ...metadata, annotations },
      spec: { ...spec, volumeName: spec.volumeName ?? `pvc-${metadata.uid}` },
    });
    await api.update<Claim>(
      PERSISTENT_VOLUME_CLAIMS,
      {
        ...named,
        status: {
          phase: "Bound",
          accessModes: spec.accessModes ?? [],
          capacity: spec.resources?.requests ?? {},
        },
      },
      "status",
    );
    return undefined;
  },
};
