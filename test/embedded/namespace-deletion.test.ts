import { afterAll, beforeAll, expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import { CONFIG_MAPS, NAMESPACES } from "#embedded/api/resources.ts";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";

let cluster: ControlPlane;
beforeAll(async () => {
  cluster = await startControlPlane({ nodes: ["node-1"], startMs: 5, stopMs: 30 });
});
afterAll(async () => {
  await cluster.stop();
  expect(cluster.errors).toEqual([]);
});

it("a namespace says what keeps it, and goes when that is gone", async () => {
  const { client } = cluster;
  await client.create<KubeObject>(NAMESPACES, {
    ...{ apiVersion: "v1", kind: "Namespace" },
    metadata: { name: "leaving" },
  });
  const kept = { name: "kept", namespace: "leaving" };
  await client.create<KubeObject>(CONFIG_MAPS, {
    ...{ apiVersion: "v1", kind: "ConfigMap" },
    metadata: { ...kept, finalizers: ["example.com/mine"] },
  });
  const requestedAtMs = performance.now();
  await client.delete(NAMESPACES, "leaving");
  const remaining = async () => {
    const namespace = await client.get<KubeObject>(NAMESPACES, "leaving");
    const { conditions = [] } = (namespace?.status ?? {}) as {
      readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    };
    return conditions.find(({ type }) => type === "NamespaceContentRemaining")?.message;
  };
  await expect
    .poll(remaining, { timeout: 10_000 })
    .toBe("Some resources are remaining: configmaps. has 1 resource instances");
  // Nothing of it goes before all have had the time to learn of its deletion.
  expect(performance.now() - requestedAtMs).toBeGreaterThan(4_900);
  const body = { metadata: { finalizers: null } };
  await client.patch(CONFIG_MAPS, { ...kept, type: "merge", body });
  await expect.poll(() => client.get(NAMESPACES, "leaving"), { timeout: 10_000 }).toBeUndefined();
});
