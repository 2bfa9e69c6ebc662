import { describe, expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import { OTHER_TABLES } from "./other-tables.ts";

const NOW_MS = Date.parse("2026-11-24T08:01:00Z");
const metadata = { name: "x", creationTimestamp: "2026-11-24T08:00:00Z" };

/** What kubectl prints with -o wide, by column. */
function row(collection: string, object: object): Record<string, unknown> {
  const printer = OTHER_TABLES[collection];
  const cells = printer?.cells({ metadata, ...object } as KubeObject, NOW_MS) ?? []; // as stored
  return Object.fromEntries(printer?.columns.map(({ name }, at) => [name, cells[at]]) ?? []);
}

describe("tables", () => {
  it("show what of a quota is used, requests apart from limits", () => {
    const hard = { pods: "10", "limits.cpu": "4", "requests.cpu": "2" };
    expect(row("/resourcequotas", { status: { hard, used: { pods: "3" } } })).toEqual({
      Name: "x",
      Request: "pods: 3/10, requests.cpu: 0/2",
      Limit: "limits.cpu: 0/4",
      Age: "60s",
    });
  });

  it("show whom a binding gives which role", () => {
    const subjects = [
      { kind: "User", name: "ann" },
      { kind: "ServiceAccount", namespace: "ns", name: "bot" },
    ];
    const roleRef = { kind: "Role", name: "reader" };
    expect(row("rbac.authorization.k8s.io/rolebindings", { subjects, roleRef })).toEqual({
      Name: "x",
      Role: "Role/reader",
      Age: "60s",
      Users: "ann",
      Groups: "",
      ServiceAccounts: "ns/bot",
    });
  });

  it("show the hosts and ports of an ingress", () => {
    const rules = ["a", "b", "c", "d"].map((host) => ({ host }));
    expect(row("networking.k8s.io/ingresses", { spec: { rules, tls: [{}] } })).toEqual({
      Name: "x",
      Class: "<none>",
      Hosts: "a,b,c + 1 more...",
      Address: "",
      Ports: "80, 443",
      Age: "60s",
    });
    expect(row("networking.k8s.io/ingresses", { spec: { rules: [{}] } })).toMatchObject({
      Hosts: "*",
      Ports: "80",
    });
  });

  it("show a claim's volume once it is bound, and that it is leaving", () => {
    const spec = { accessModes: ["ReadWriteOnce"], volumeMode: "Filesystem" };
    expect(row("/persistentvolumeclaims", { spec, status: { phase: "Pending" } })).toMatchObject({
      Status: "Pending",
      Volume: "",
      Capacity: "",
      "Access Modes": "",
      VolumeMode: "Filesystem",
    });
    const bound = {
      spec: { ...spec, volumeName: "pv" },
      status: { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" } },
    };
    expect(row("/persistentvolumeclaims", bound)).toMatchObject({
      Status: "Bound",
      Volume: "pv",
      Capacity: "1Gi",
      "Access Modes": "RWO",
      VolumeAttributesClass: "<unset>",
    });
    const leaving = { ...bound, metadata: { ...metadata, deletionTimestamp: "now" } };
    expect(row("/persistentvolumeclaims", leaving)).toMatchObject({ Status: "Terminating" });
  });

  it("show policies, volumes, classes and templates", () => {
    const podSelector = { matchLabels: { app: "web" } };
    expect(row("networking.k8s.io/networkpolicies", { spec: { podSelector } })).toMatchObject({
      "Pod-Selector": "app=web",
    });
    expect(row("networking.k8s.io/networkpolicies", { spec: {} })).toMatchObject({
      "Pod-Selector": "<none>",
    });
    const volume = {
      spec: { capacity: { storage: "1Gi" }, claimRef: { namespace: "ns", name: "c" } },
      status: { phase: "Bound" },
    };
    expect(row("/persistentvolumes", volume)).toMatchObject({ Capacity: "1Gi", Claim: "ns/c" });
    const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
    const storageClass = { metadata: { ...metadata, annotations }, provisioner: "p" };
    expect(row("storage.k8s.io/storageclasses", storageClass)).toMatchObject({
      Name: "x (default)",
      ReclaimPolicy: "Delete",
      VolumeBindingMode: "Immediate",
      AllowVolumeExpansion: false,
    });
    const template = {
      metadata: { labels: { a: "b" } },
      spec: { containers: [{ name: "app", image: "app:1" }] },
    };
    expect(row("/podtemplates", { template })).toEqual({
      Name: "x",
      Containers: "app",
      Images: "app:1",
      "Pod Labels": "a=b",
    });
  });
});
