import { describe, expect, it } from "vitest";
import { formatQuantity } from "#embedded/api/exact-quantity.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { usageOf } from "./quota-usage.ts";
import { collectionCharged, type ResourceQuota } from "./resource-quota.ts";

const NOW = Date.parse("2026-01-01T00:00:10Z");

const quota = (spec: NonNullable<ResourceQuota["spec"]>) =>
  ({ metadata: { name: "q", namespace: "default" }, spec }) as ResourceQuota;
const limiting = (...names: readonly string[]) =>
  quota({ hard: Object.fromEntries(names.map((name) => [name, "10"])) });

function used(of: ResourceQuota, ...objects: readonly object[]) {
  const [first = ""] = Object.keys(of.spec?.hard ?? {});
  const counted = { objects: objects as readonly KubeObject[], nowMs: NOW };
  const usage = usageOf(of, collectionCharged(first) ?? "", counted);
  return Object.fromEntries([...usage].map(([name, amount]) => [name, formatQuantity(amount)]));
}

const asking = (cpu: string, more: object = {}) => ({
  name: "c",
  resources: { requests: { cpu } },
  ...more,
});
const pod = (spec: object, more: object = {}) => ({
  metadata: { name: "p", ...more },
  spec: { containers: [], ...spec },
  status: { phase: "Running" },
});

describe("the usage of a quota", () => {
  it("counts what containers request together, and of init containers the greatest need", () => {
    const of = limiting("pods", "cpu", "requests.cpu", "limits.cpu");
    const sidecar = asking("100m", { restartPolicy: "Always" });
    const containers = [asking("300m"), asking("200m")];
    expect(used(of, pod({ containers, initContainers: [sidecar, asking("250m")] }))).toEqual({
      pods: "1",
      cpu: "600m",
      "requests.cpu": "600m",
      "limits.cpu": "0",
    });
    expect(used(of, pod({ containers, initContainers: [sidecar, asking("2")] }))["cpu"]).toBe(
      "2100m",
    );
  });

  it("does not count a pod that has ended or whose grace has run out, except as an object", () => {
    const of = limiting("pods", "count/pods");
    const leaving = (deletionTimestamp: string) =>
      pod({}, { deletionTimestamp, deletionGracePeriodSeconds: 5 });
    const ended = { ...pod({}), status: { phase: "Succeeded" } };
    const stuck = leaving("2026-01-01T00:00:04Z");
    const onTime = leaving("2026-01-01T00:00:06Z");
    expect(used(of, ended, stuck, onTime)).toEqual({ pods: "1", "count/pods": "3" });
  });

  it("counts extended resources by their requests only", () => {
    const of = limiting("requests.example.com/dongle");
    const resources = { requests: { "example.com/dongle": "3" } };
    expect(used(of, pod({ containers: [{ name: "c", resources }] }))).toEqual({
      "requests.example.com/dongle": "3",
    });
  });

  it("tells pods apart by deadline, by requests, by priority and by where their affinity looks", () => {
    const elsewhere = {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ namespaces: ["x"] }] },
    };
    const pods = [
      pod({ activeDeadlineSeconds: 60 }),
      pod({ containers: [asking("1")] }),
      pod({ priorityClassName: "high" }),
      pod({ affinity: elsewhere }),
    ];
    const countedIn = (scopes: readonly string[]) =>
      used(quota({ hard: { pods: "9" }, scopes }), ...pods)["pods"];
    expect(countedIn(["Terminating"])).toBe("1");
    expect(countedIn(["NotTerminating", "BestEffort"])).toBe("2");
    expect(countedIn(["NotBestEffort"])).toBe("1");
    expect(countedIn(["CrossNamespacePodAffinity"])).toBe("1");
    const highOnly = { scopeName: "PriorityClass", operator: "In", values: ["high"] } as const;
    const selector = (matchExpressions: readonly object[]) =>
      quota({
        hard: { pods: "9" },
        scopeSelector: { matchExpressions: matchExpressions as never },
      });
    expect(used(selector([highOnly]), ...pods)["pods"]).toBe("1");
    expect(used(selector([{ ...highOnly, operator: "NotIn" }]), ...pods)["pods"]).toBe("3");
  });

  it("counts the node ports that a service is given", () => {
    const of = limiting("services", "services.nodeports", "services.loadbalancers");
    const service = (spec: object) => ({
      metadata: { name: "s" },
      spec: { ports: [{}, {}], ...spec },
    });
    const none = { type: "LoadBalancer", allocateLoadBalancerNodePorts: false };
    expect(used(of, service({}), service({ type: "NodePort" }), service(none))).toEqual({
      services: "3",
      "services.nodeports": "2",
      "services.loadbalancers": "1",
    });
  });

  it("counts claims, their storage, and both of one class", () => {
    const gold = "gold.storageclass.storage.k8s.io";
    const of = limiting("persistentvolumeclaims", "requests.storage", `${gold}/requests.storage`);
    const claim = (storageClassName: string) => ({
      metadata: { name: "c" },
      spec: { storageClassName, resources: { requests: { storage: "1Gi" } } },
    });
    expect(used(of, claim("gold"), claim("tin"))).toEqual({
      persistentvolumeclaims: "2",
      "requests.storage": "2Gi",
      [`${gold}/requests.storage`]: "1Gi",
    });
  });

  it("counts objects of any resource, and none of them when it is for some pods only", () => {
    const names = { "count/widgets.example.com": "2" };
    expect(used(quota({ hard: names }), pod({}), pod({}))).toEqual({
      "count/widgets.example.com": "2",
    });
    expect(used(quota({ hard: names, scopes: ["BestEffort"] }), pod({}))).toEqual({
      "count/widgets.example.com": "0",
    });
  });
});
