import { isDeepStrictEqual } from "node:util";
import { ApiError } from "#embedded/api/api-error.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { CONFIG_MAPS, NAMESPACES } from "#embedded/api/resources.ts";
import {
  type Controller,
  keyFrom,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";

const NAME = "kube-root-ca.crt";
/** The one that the API server brings with it. */
const ORIGINAL = "kube-system";
const DESCRIPTION =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** Gives every namespace the certificate by which its clients know the API server. */
export function rootCaPublisher(): Controller {
  // As it was when the controllers started; later somebody may have changed that object as well.
  let data: unknown;
  return {
    name: "root-ca-certificate-publisher-controller",
    workers: 1,
    watches: [
      watch<KubeObject>(NAMESPACES, (namespace) => [keyOf(namespace)]),
      watch<KubeObject>(CONFIG_MAPS, ({ metadata }) =>
        metadata.name === NAME ? [keyFrom("", metadata.namespace ?? "")] : [],
      ),
    ],
    async reconcile(key, { api, caches }) {
      const { name: namespace } = splitKey(key);
      const found = caches.of(NAMESPACES).get(namespace);
      if (found === undefined || found.metadata.deletionTimestamp !== undefined) return undefined;
      data ??= caches.of(CONFIG_MAPS).get(NAME, ORIGINAL)?.["data"];
      if (data === undefined) return undefined;
      const present = caches.of(CONFIG_MAPS).get(NAME, namespace);
      if (present !== undefined) {
        // Whoever has changed it meant another one; clients of the API server need this.
        if (isDeepStrictEqual(present["data"], data)) return undefined;
        await api.update<KubeObject>(CONFIG_MAPS, { ...present, data });
        return undefined;
      }
      try {
        await api.create<KubeObject>(CONFIG_MAPS, {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: {
            name: NAME,
            namespace,
            annotations: { "kubernetes.io/description": DESCRIPTION },
          },
          data,
        });
      } catch (error) {
        if (!(error instanceof ApiError && error.reason === "AlreadyExists")) throw error;
      }
      return undefined;
    },
  };
}
