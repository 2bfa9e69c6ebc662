import { expect, it } from "vitest";
import type { ApiClient } from "#embedded/api/client.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { aNode, aPod } from "#embedded/controllers/testing/builders.ts";
import { taintEvictionController } from "./taint-eviction-controller.ts";

it("does not tolerate anew what it could not delete at the first attempt", async () => {
  const taint = { key: "k", effect: "NoExecute" };
  const tolerations = [{ key: "k", operator: "Exists", tolerationSeconds: 60 } as const];
  const found = [
    aPod("p", { spec: { nodeName: "n", tolerations } }),
    aNode("n", { spec: { taints: [taint] } }),
  ];
  const get = (name: string) => found.find(({ metadata }) => metadata.name === name);
  const deleted: string[] = [];
  let refusals = 1;
  let nowMs = 0;
  const cluster = {
    caches: { of: () => ({ get }) } as unknown as Cluster["caches"],
    api: {
      async update() {
        if (refusals-- > 0) throw new Error("the object has been modified");
      },
      async delete(_: unknown, name: string) {
        deleted.push(name);
      },
    } as unknown as ApiClient,
    record: () => {},
    nowMs: () => nowMs,
  };
  const { reconcile } = taintEvictionController();
  const key = "default/p";
  expect(await reconcile(key, cluster)).toEqual({ afterMs: 60_000 });
  nowMs = 60_000;
  await expect(reconcile(key, cluster)).rejects.toThrow("modified");
  expect(await reconcile(key, cluster)).toBeUndefined();
  expect(deleted).toEqual(["p"]);
});
