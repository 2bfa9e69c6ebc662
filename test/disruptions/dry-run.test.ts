import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmbeddedCluster } from "#clusters/embedded-cluster.ts";
import { addTaint } from "#disruptions/node-taints.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";

const { signal } = new AbortController();
const NAMESPACE = "dry";

/** What a server-side dry run leaves behind, asked of an API server and not of a script: nothing. */
describe("a dry run", () => {
  let cluster: Cluster;
  let before: string;

  beforeAll(async () => {
    cluster = await startEmbeddedCluster({ images: [], nodes: 1 });
    const metadata = { name: NAMESPACE };
    await cluster.createObject({ apiVersion: "v1", kind: "Namespace", metadata }, signal);
    const spec = { schedulerName: "nobody", containers: [{ name: "app", image: "app:1" }] };
    await cluster.createObject(named("v1", "Pod", { spec }), signal);
    const template = { spec: { ...spec, restartPolicy: "Never" } };
    await cluster.createObject(
      named("batch/v1", "Job", { spec: { suspend: true, template } }),
      signal,
    );
    before = await state();
  }, 30_000);

  afterAll(() => cluster.stop());

  const named = (apiVersion: string, kind: string, fields: object): KubernetesObject => ({
    apiVersion,
    kind,
    metadata: { name: "web", namespace: NAMESPACE },
    ...fields,
  });

  async function state(): Promise<string> {
    const list = (apiVersion: string, kind: string) =>
      cluster.listObjects({ apiVersion, kind }, signal);
    const [pods, jobs, namespaces, nodes] = await Promise.all([
      list("v1", "Pod"),
      list("batch/v1", "Job"),
      list("v1", "Namespace"),
      list("v1", "Node"),
    ]);
    const taints = nodes?.map(({ spec }) => spec);
    return JSON.stringify({ pods, jobs, namespaces, taints });
  }

  it.each<[string, () => Promise<unknown>]>([
    [
      "deletion of a pod",
      () => cluster.deletePod({ namespace: NAMESPACE, name: "web", dryRun: true }, 0, signal),
    ],
    [
      "eviction of a pod",
      () => cluster.evictPod({ namespace: NAMESPACE, name: "web", dryRun: true }, signal),
    ],
    [
      "deletion of a Job",
      () =>
        cluster.deleteObject(
          { apiVersion: "batch/v1", kind: "Job", namespace: NAMESPACE, name: "web" },
          { dryRun: true },
          signal,
        ),
    ],
    [
      "deletion of a namespace",
      () =>
        cluster.deleteObject(
          { apiVersion: "v1", kind: "Namespace", name: NAMESPACE },
          { dryRun: true },
          signal,
        ),
    ],
    [
      "taint of a node",
      async () => {
        const [node] = await cluster.listObjects({ apiVersion: "v1", kind: "Node" }, signal);
        const taint = { key: "k", value: "v", effect: "NoExecute" } as const;
        await addTaint(cluster, { node: node?.metadata.name ?? "", taint, dryRun: true }, signal);
      },
    ],
  ])("of the %s changes nothing", async (_, act) => {
    await act();
    expect(await state()).toBe(before);
  });
});
