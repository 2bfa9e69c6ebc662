import { afterAll, beforeAll, expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import { CONFIG_MAPS } from "#embedded/api/resources.ts";
import { type ControlPlane, Recording, startControlPlane } from "./control-plane.ts";

let cluster: ControlPlane;
let configMaps: Recording<KubeObject>;

beforeAll(async () => {
  cluster = await startControlPlane({ nodes: ["node-1"], startMs: 5, stopMs: 30 });
  configMaps = await Recording.start<KubeObject>(cluster.client, CONFIG_MAPS);
});
afterAll(async () => {
  await configMaps.stop();
  await cluster.stop();
  expect(cluster.errors).toEqual([]);
});

it("objects that own each other in a circle are all deleted with the first", async () => {
  const { client } = cluster;
  const namespace = "default";
  const create = (name: string) =>
    client.create<KubeObject>(CONFIG_MAPS, {
      ...{ apiVersion: "v1", kind: "ConfigMap" },
      metadata: { name, namespace },
    });
  const circle = [await create("a"), await create("b"), await create("c")];
  for (const [index, { metadata }] of circle.entries()) {
    const owner = circle.at(index - 1)?.metadata;
    const reference = { apiVersion: "v1", kind: "ConfigMap", name: owner?.name, uid: owner?.uid };
    const ownerReferences = [{ ...reference, controller: true, blockOwnerDeletion: true }];
    const body = { metadata: { ownerReferences } };
    await client.patch(CONFIG_MAPS, { name: metadata.name, namespace, type: "merge", body });
  }
  await client.delete(CONFIG_MAPS, "a", { namespace, propagationPolicy: "Foreground" });
  for (const { metadata } of circle) {
    await configMaps.until(
      ({ metadata: { uid } }, type) => uid === metadata.uid && type === "DELETED",
    );
  }
});
