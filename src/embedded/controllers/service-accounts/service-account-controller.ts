import { ApiError } from "#embedded/api/api-error.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { NAMESPACES, SERVICE_ACCOUNTS } from "#embedded/api/resources.ts";
import {
  type Controller,
  keyFrom,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";

/** Gives every namespace its `default` ServiceAccount, which its pods name. */
export const serviceAccountController: Controller = {
  name: "serviceaccount-controller",
  workers: 1,
  watches: [
    watch<KubeObject>(NAMESPACES, (namespace) => [keyOf(namespace)]),
    watch<KubeObject>(SERVICE_ACCOUNTS, ({ metadata }) => [keyFrom("", metadata.namespace ?? "")]),
  ],
  async reconcile(key, { api, caches }) {
    const { name: namespace } = splitKey(key);
    const found = caches.of(NAMESPACES).get(namespace);
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) return undefined;
    if (caches.of(SERVICE_ACCOUNTS).get("default", namespace) !== undefined) return undefined;
    try {
      await api.create(SERVICE_ACCOUNTS, {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "default", namespace },
      });
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === "AlreadyExists")) throw error;
    }
    return undefined;
  },
};
