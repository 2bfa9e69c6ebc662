import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import { RESOURCE_QUOTAS, SECRETS } from "#embedded/api/resources.ts";
import { type ControlPlane, Recording, startControlPlane } from "./control-plane.ts";

let cluster: ControlPlane;
let quotas: Recording<KubeObject>;

beforeAll(async () => {
  cluster = await startControlPlane({ nodes: ["node-1"], startMs: 5, stopMs: 30 });
  quotas = await Recording.start<KubeObject>(cluster.client, RESOURCE_QUOTAS);
});
afterAll(async () => {
  await quotas.stop();
  await cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const hasUsed = (secrets: string) => (quota: KubeObject) =>
  (quota.status as { used?: Record<string, string> }).used?.["secrets"] === secrets;

describe("the status of a ResourceQuota", () => {
  it("follows the objects that come and go, and repeats the limits", async () => {
    const { client } = cluster;
    const hard = { secrets: "9", "count/nothing.example.com": "1" };
    await client.create<KubeObject>(RESOURCE_QUOTAS, {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "quota", namespace: "default" },
      spec: { hard },
    });
    const first = await quotas.until(hasUsed("0"));
    expect(first.status).toEqual({
      hard,
      used: { secrets: "0", "count/nothing.example.com": "0" },
    });
    await client.create<KubeObject>(SECRETS, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "one", namespace: "default" },
    });
    await quotas.until(hasUsed("1"));
    await client.delete(SECRETS, "one", { namespace: "default" });
    await quotas.until(hasUsed("0"));
  });
});
