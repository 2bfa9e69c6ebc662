import { describe, expect, it } from "vitest";
import type { Pod, Service } from "#embedded/api/objects.ts";
import { aMeta, aNode, aPod, secondsAgo } from "#embedded/controllers/testing/builders.ts";
import { desiredEndpoints } from "./desired-endpoints.ts";
import { legacySubsets } from "./legacy-subsets.ts";

const aService = (spec: Partial<Service["spec"]> = {}): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: aMeta("web"),
  spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
});
const leaving = { metadata: { deletionTimestamp: secondsAgo(-30) } };

const conditions = (pod: Pod, service = aService()) =>
  desiredEndpoints(service, [pod], new Map())[0]?.endpoints[0]?.conditions;

describe("desiredEndpoints", () => {
  it.each([
    ["Ready", aPod("p"), [true, true, false]],
    ["not Ready", aPod("p", { ready: false }), [false, false, false]],
    ["deleted and still Ready", aPod("p", leaving), [false, true, true]],
    ["deleted and not Ready", aPod("p", { ...leaving, ready: false }), [false, false, true]],
  ])(
    "tells of a pod that is %s whether it is ready, serves, terminates",
    (_state, pod, [ready, serving, terminating]) => {
      expect(conditions(pod)).toEqual({ ready, serving, terminating });
    },
  );

  it("calls everybody ready whom the Service publishes, terminating or not", () => {
    const service = aService({ publishNotReadyAddresses: true });
    expect(conditions(aPod("p", { ...leaving, ready: false }), service)).toEqual({
      ready: true,
      serving: false,
      terminating: true,
    });
  });

  it("leaves out pods without an address, and pods whose containers have exited", () => {
    const pods = [
      aPod("pending", { status: { podIP: "" } }),
      aPod("done", { status: { phase: "Succeeded" } }),
      aPod("failed", { status: { phase: "Failed" } }),
    ];
    expect(desiredEndpoints(aService(), pods, new Map())).toEqual([]);
  });

  it("finds a named port on each pod, and groups the pods by what they have", () => {
    const service = aService({ ports: [{ name: "http", port: 80, targetPort: "web" }] });
    const at = (name: string, containerPort: number) =>
      aPod(name, {
        spec: { containers: [{ name: "c", image: "i", ports: [{ name: "web", containerPort }] }] },
      });
    const groups = desiredEndpoints(
      service,
      [at("a", 8080), at("b", 9090), at("c", 8080)],
      new Map(),
    );
    expect(groups.map(({ ports, endpoints }) => [ports[0]?.port, endpoints.length])).toEqual([
      [8080, 2],
      [9090, 1],
    ]);
  });

  it("tells who and where the pod is", () => {
    const node = { ...aNode("node-1") };
    node.metadata.labels = { "topology.kubernetes.io/zone": "z1" };
    const pod = aPod("web-0", { spec: { hostname: "web-0", subdomain: "web" } });
    expect(desiredEndpoints(aService(), [pod], new Map([["node-1", node]]))[0]?.endpoints).toEqual([
      {
        addresses: ["127.1.0.1"],
        conditions: { ready: true, serving: true, terminating: false },
        hostname: "web-0",
        targetRef: { kind: "Pod", namespace: "ns", name: "web-0", uid: "uid-web-0" },
        nodeName: "node-1",
        zone: "z1",
      },
    ]);
  });
});

describe("legacySubsets", () => {
  const ips = (service: Service, ...pods: Pod[]) =>
    legacySubsets(service, pods).map(({ addresses = [], notReadyAddresses = [] }) => [
      addresses.map(({ ip }) => ip),
      notReadyAddresses.map(({ ip }) => ip),
    ]);
  const at = (podIP: string, facts: Parameters<typeof aPod>[1] = {}) =>
    aPod(podIP, { ...facts, status: { podIP } });

  it("drops a terminating pod at once, and keeps those that are not ready apart", () => {
    expect(ips(aService(), at("b"), at("a"), at("c", { ready: false }), at("d", leaving))).toEqual([
      [["a", "b"], ["c"]],
    ]);
  });

  it("keeps everybody whom the Service publishes", () => {
    const service = aService({ publishNotReadyAddresses: true });
    expect(ips(service, at("a", leaving), at("b", { ready: false }))).toEqual([[["a", "b"], []]]);
  });

  it("leaves out a pod that has no port of the name that the Service targets", () => {
    const service = aService({ ports: [{ port: 80, targetPort: "nonesuch" }] });
    expect(ips(service, at("a"))).toEqual([]);
    expect(ips(aService({ ports: [] }), at("a"))).toEqual([[["a"], []]]);
  });

  it("is empty without pods", () => {
    expect(legacySubsets(aService(), [])).toEqual([]);
  });
});
