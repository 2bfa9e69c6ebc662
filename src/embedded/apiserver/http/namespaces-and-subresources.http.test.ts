import { ApiException, AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aPod, ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

type TestServer = Awaited<ReturnType<typeof startTestServer>>;

let server: TestServer;
let core: CoreV1Api;
let apps: AppsV1Api;

beforeAll(async () => {
  server = await startTestServer();
  core = server.config.makeApiClient(CoreV1Api);
  apps = server.config.makeApiClient(AppsV1Api);
});
afterAll(() => server.stop());

const namespace = "default";
const aConfigMap = (name: string, data = {}) => ({ metadata: { name }, data });
const aDeployment = (name: string) => ({
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "app", image: "app:1" }] },
    },
  },
});

/** The Status of a request that must be refused. */
async function refusalOf(request: Promise<unknown>) {
  try {
    await request;
  } catch (error) {
    if (error instanceof ApiException) return JSON.parse(error.body as string);
    throw error;
  }
  throw new Error("the request was not refused");
}

describe("namespaces", () => {
  it("stay, terminating, until their finalizer is gone, and let nothing new in", async () => {
    await core.createNamespace({ body: { metadata: { name: "leaving" } } });
    await core.deleteNamespace({ name: "leaving" });
    const leaving = await core.readNamespace({ name: "leaving" });
    expect(leaving.status?.phase).toBe("Terminating");
    const status = await refusalOf(
      core.createNamespacedConfigMap({ namespace: "leaving", body: aConfigMap("late") }),
    );
    expect(status).toMatchObject({
      code: 403,
      reason: "Forbidden",
      message:
        'configmaps "late" is forbidden: unable to create new content in namespace leaving because it is being terminated',
      details: { causes: [{ reason: "NamespaceTerminating" }] },
    });
    await core.replaceNamespaceFinalize({
      name: "leaving",
      body: { ...leaving, spec: { finalizers: [] } },
    });
    expect((await refusalOf(core.readNamespace({ name: "leaving" }))).code).toBe(404);
  });

  it("that the cluster needs cannot be deleted", async () => {
    const status = await refusalOf(core.deleteNamespace({ name: "kube-system" }));
    expect(status.message).toBe(
      'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    );
  });
});

describe("scale", () => {
  it("shows and sets the replicas of a workload", async () => {
    await apps.createNamespacedDeployment({ namespace, body: aDeployment("scaled") });
    const before = await apps.readNamespacedDeploymentScale({ namespace, name: "scaled" });
    expect(before).toMatchObject({ spec: { replicas: 1 }, status: { selector: "app=scaled" } });
    await apps.replaceNamespacedDeploymentScale({
      namespace,
      name: "scaled",
      body: { ...before, spec: { replicas: 4 } },
    });
    const scaled = await apps.readNamespacedDeployment({ namespace, name: "scaled" });
    expect(scaled.spec?.replicas).toBe(4);
  });
});

describe("binding", () => {
  it("puts a pod on a node once and for all", async () => {
    await core.createNamespacedPod({ namespace, body: aPod("bound") as never });
    const path = "/api/v1/namespaces/default/pods/bound/binding";
    const bind = (name: string) =>
      ask(server, path, { method: "POST", body: { target: { name } } });
    expect((await bind("node-1")).code).toBe(201);
    const bound = await core.readNamespacedPod({ namespace, name: "bound" });
    expect(bound.spec?.nodeName).toBe("node-1");
    expect(bound.metadata?.generation).toBe(1);
    expect(bound.status?.conditions).toMatchObject([{ type: "PodScheduled", status: "True" }]);
    const again = await bind("node-2");
    expect(again.body.message).toBe(
      'Operation cannot be fulfilled on pods "bound": pod bound is already assigned to node "node-1"',
    );
  });
});

describe("a first status", () => {
  it("is the server's to give, except for a node, which comes with its own", async () => {
    const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
    const pod = { ...aPod("boasting"), status };
    const created = await core.createNamespacedPod({ namespace, body: pod as never });
    expect(created.status).toMatchObject({ phase: "Pending", qosClass: "BestEffort" });
    const body = { metadata: { name: "node-9" }, status: { conditions: status.conditions } };
    const node = await core.createNode({ body: body as never });
    expect(node.status?.conditions).toMatchObject(status.conditions);
  });
});
