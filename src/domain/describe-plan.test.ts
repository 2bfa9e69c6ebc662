import { describe, expect, it } from "vitest";
import { describePlan } from "./describe-plan.ts";

describe("a plan", () => {
  it("names objects, verbs and shares", () => {
    const workload = { kind: "Deployment", namespace: "shop", name: "web" } as const;
    const object = (kind: string) => ({
      apiVersion: "v1",
      kind,
      metadata: { name: "web", namespace: "shop" },
    });
    const scenario = { name: "web", workload, objects: [object("Service"), object("Deployment")] };
    const disruptions = [
      { type: "delete-pods", workload, count: 2 },
      { type: "scale", workload, replicas: 1 },
      { type: "none", durationMs: 500 },
    ] as const;
    expect(
      describePlan({ scenario, cluster: "context:ci", replicas: 4, disruptions, loadWorkers: 2 }),
    ).toBe(
      [
        "Plan of web on context:ci; nothing was touched.",
        "  create Lease shop/lastcall, and the namespace if it is missing",
        "  create or update Service shop/web",
        "  create or update Deployment shop/web",
        "  create a Job in shop with 2 Pod(s) of the load, and exec in them",
        "  deletion of 2 pod(s) of web with their own grace period",
        "    delete Pods of shop, up to 2 of 4 pods at once",
        "  scaling of web to 1",
        "    patch Deployment shop/web, up to 3 of 4 pods at once",
        "  no disruption for 500 ms",
      ].join("\n"),
    );
  });
});
