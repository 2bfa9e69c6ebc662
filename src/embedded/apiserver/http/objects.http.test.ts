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

describe("what validation refuses", () => {
  it("keys that could be no file's name", async () => {
    const refused = async (plural: string, data: object) => {
      const path = `/api/v1/namespaces/default/${plural}`;
      const { body } = await ask(server, path, {
        ...{ method: "POST", body: { metadata: { name: "k" }, data } },
      });
      return body.details?.causes?.map(({ field }: { field: string }) => field);
    };
    expect(await refused("configmaps", { "": "x", "a/b": "x", "a.b": "x" })).toEqual([
      ...["data[]", "data[a/b]"],
    ]);
    expect(await refused("secrets", { "..": "eA==" })).toEqual(["data[..]"]);
  });

  it("a pod's deadline that is put off", async () => {
    const path = "/api/v1/namespaces/default/pods";
    const { spec, ...rest } = aPod("deadline");
    const body = { ...rest, spec: { ...spec, activeDeadlineSeconds: 9 } };
    await ask(server, path, { method: "POST", body });
    const headers = { "content-type": "application/merge-patch+json" };
    const patch = async (activeDeadlineSeconds: number | null) => {
      const body = { spec: { activeDeadlineSeconds } };
      return (await ask(server, `${path}/deadline`, { method: "PATCH", body, headers })).code;
    };
    expect([await patch(5), await patch(8), await patch(null)]).toEqual([200, 422, 422]);
  });
});

describe("a service that becomes a name", () => {
  it("gives its addresses and ports back", async () => {
    const path = "/api/v1/namespaces/default/services";
    const spec = { type: "NodePort", ports: [{ port: 80 }] };
    await ask(server, path, { method: "POST", body: { metadata: { name: "moving" }, spec } });
    const headers = { "content-type": "application/merge-patch+json" };
    const body = { spec: { type: "ExternalName", externalName: "example.com" } };
    const moved = await ask(server, `${path}/moving`, { method: "PATCH", body, headers });
    const { clusterIP, clusterIPs, ipFamilies, ports } = moved.body.spec;
    expect([clusterIP, clusterIPs, ipFamilies, ports[0].nodePort]).toEqual(
      Array(4).fill(undefined),
    );
  });
});

describe("creating", () => {
  it("fills in what only the server knows", async () => {
    const created = await core.createNamespacedConfigMap({ namespace, body: aConfigMap("filled") });
    expect(created.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(created.metadata?.resourceVersion)).toBeGreaterThan(0);
    expect(created.metadata?.creationTimestamp?.getMilliseconds()).toBe(0);
    expect(created.metadata?.namespace).toBe("default");
  });

  it("leaves out what is empty in the metadata", async () => {
    const metadata = { name: "bare", labels: {}, annotations: {}, finalizers: [] };
    const created = await core.createNamespacedConfigMap({ namespace, body: { metadata } });
    const kept = JSON.parse(JSON.stringify(created.metadata));
    expect(Object.keys(kept).toSorted()).toEqual(
      ["creationTimestamp", "name", "namespace", "resourceVersion", "uid"].toSorted(),
    );
  });

  it("makes a name of the prefix and five letters without vowels", async () => {
    const body = { metadata: { generateName: "some-" } };
    const created = await core.createNamespacedConfigMap({ namespace, body });
    expect(created.metadata?.name).toMatch(/^some-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it("answers AlreadyExists for a name that is taken", async () => {
    await core.createNamespacedConfigMap({ namespace, body: aConfigMap("twice") });
    const status = await refusalOf(
      core.createNamespacedConfigMap({ namespace, body: aConfigMap("twice") }),
    );
    expect(status).toMatchObject({
      kind: "Status",
      code: 409,
      reason: "AlreadyExists",
      message: 'configmaps "twice" already exists',
      details: { name: "twice", kind: "configmaps" },
    });
  });

  it("answers NotFound for a namespace that is not there", async () => {
    const status = await refusalOf(
      core.createNamespacedConfigMap({ namespace: "nowhere", body: aConfigMap("x") }),
    );
    expect(status).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
  });

  it("stores nothing on a dry run", async () => {
    await core.createNamespacedConfigMap({ namespace, body: aConfigMap("dry"), dryRun: "All" });
    const status = await refusalOf(core.readNamespacedConfigMap({ namespace, name: "dry" }));
    expect(status.message).toBe('configmaps "dry" not found');
  });

  it("names every problem of an object with its field", async () => {
    const body = aDeployment("wrong");
    body.spec.template.metadata.labels.app = "other";
    body.spec.template.spec.containers[0] = { name: "app", image: "" };
    const status = await refusalOf(apps.createNamespacedDeployment({ namespace, body }));
    expect(status).toMatchObject({
      code: 422,
      reason: "Invalid",
      message:
        'Deployment.apps "wrong" is invalid: [spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` does not match template `labels`, spec.template.spec.containers[0].image: Required value]',
    });
    expect(status.details.causes).toContainEqual({
      reason: "FieldValueRequired",
      message: "Required value",
      field: "spec.template.spec.containers[0].image",
    });
  });
});

describe("updating", () => {
  it("refuses a write that is based on an old state, in the server's own words", async () => {
    const body = aConfigMap("stale", { a: "1" });
    const created = await core.createNamespacedConfigMap({ namespace, body });
    const replace = (data: Record<string, string>) =>
      core.replaceNamespacedConfigMap({ namespace, name: "stale", body: { ...created, data } });
    await replace({ a: "2" });
    expect(await refusalOf(replace({ a: "3" }))).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on configmaps "stale": the object has been modified; please apply your changes to the latest version and try again',
    });
  });

  it("takes a write without a resourceVersion", async () => {
    const body = aConfigMap("blind", { a: "1" });
    await core.createNamespacedConfigMap({ namespace, body });
    const replaced = await core.replaceNamespacedConfigMap({
      namespace,
      name: "blind",
      body: aConfigMap("blind", { a: "2" }),
    });
    expect(replaced.data).toEqual({ a: "2" });
  });

  it("does not count a write that changes nothing", async () => {
    const body = aConfigMap("same", { a: "1" });
    const created = await core.createNamespacedConfigMap({ namespace, body });
    const replaced = await core.replaceNamespacedConfigMap({
      namespace,
      name: "same",
      body: created,
    });
    expect(replaced.metadata?.resourceVersion).toBe(created.metadata?.resourceVersion);
  });

  it("counts changes of the spec in the generation, but not those of status and labels", async () => {
    const body = aDeployment("counted");
    await apps.createNamespacedDeployment({ namespace, body });
    const generation = async (path: string, patch: object) => {
      const { body } = await ask(server, `/apis/apps/v1/namespaces/default/deployments/${path}`, {
        method: "PATCH",
        body: patch,
        headers: { "content-type": "application/merge-patch+json" },
      });
      return body.metadata.generation;
    };
    expect(await generation("counted", { metadata: { labels: { a: "b" } } })).toBe(1);
    expect(await generation("counted", { spec: { replicas: 2 } })).toBe(2);
    expect(await generation("counted/status", { status: { replicas: 2 } })).toBe(2);
    expect(await generation("counted", { spec: { replicas: 2 } })).toBe(2);
  });

  it("keeps status and spec apart", async () => {
    await apps.createNamespacedDeployment({ namespace, body: aDeployment("apart") });
    const patch = { spec: { replicas: 7 }, status: { replicas: 7 } };
    const headers = { "content-type": "application/merge-patch+json" };
    const path = "/apis/apps/v1/namespaces/default/deployments/apart";
    const status = await ask(server, `${path}/status`, { method: "PATCH", body: patch, headers });
    expect([status.body.spec.replicas, status.body.status.replicas]).toEqual([1, 7]);
    const again = { spec: { replicas: 5 }, status: { replicas: 5 } };
    const main = await ask(server, path, { method: "PATCH", body: again, headers });
    expect([main.body.spec.replicas, main.body.status.replicas]).toEqual([5, 7]);
  });

  it("does not let a selector change", async () => {
    const created = await apps.createNamespacedDeployment({
      namespace,
      body: aDeployment("fixed"),
    });
    const body = {
      ...created,
      spec: {
        ...aDeployment("fixed").spec,
        selector: { matchLabels: { app: "fixed", more: "x" } },
        template: {
          metadata: { labels: { app: "fixed", more: "x" } },
          spec: { containers: [{ name: "app", image: "app:1" }] },
        },
      },
    };
    const status = await refusalOf(
      apps.replaceNamespacedDeployment({ namespace, name: "fixed", body }),
    );
    expect(status.message).toContain("spec.selector: Invalid value:");
    expect(status.message).toContain("field is immutable");
  });
});

describe("finalizers", () => {
  it("keep a deleted object until the last of them is gone", async () => {
    const body = { metadata: { name: "kept", finalizers: ["example.com/wait"] } };
    await core.createNamespacedConfigMap({ namespace, body });
    await core.deleteNamespacedConfigMap({ namespace, name: "kept" });
    const kept = await core.readNamespacedConfigMap({ namespace, name: "kept" });
    expect(kept.metadata?.deletionTimestamp).toBeInstanceOf(Date);
    await core.replaceNamespacedConfigMap({
      namespace,
      name: "kept",
      body: { ...kept, metadata: { ...kept.metadata, finalizers: [] } },
    });
    const status = await refusalOf(core.readNamespacedConfigMap({ namespace, name: "kept" }));
    expect(status.code).toBe(404);
  });

  it("cannot be added to an object that is being deleted", async () => {
    const body = { metadata: { name: "closing", finalizers: ["example.com/wait"] } };
    await core.createNamespacedConfigMap({ namespace, body });
    await core.deleteNamespacedConfigMap({ namespace, name: "closing" });
    const closing = await core.readNamespacedConfigMap({ namespace, name: "closing" });
    const finalizers = ["example.com/wait", "example.com/late"];
    const status = await refusalOf(
      core.replaceNamespacedConfigMap({
        namespace,
        name: "closing",
        body: { ...closing, metadata: { ...closing.metadata, finalizers } },
      }),
    );
    expect(status.message).toContain(
      "no new finalizers can be added if the object is being deleted",
    );
  });

  it("ask the garbage collector to orphan or to wait, by the policy of the delete", async () => {
    const policies = { Orphan: "orphan", Foreground: "foregroundDeletion" };
    for (const [propagationPolicy, finalizer] of Object.entries(policies)) {
      const name = propagationPolicy.toLowerCase();
      await apps.createNamespacedDeployment({ namespace, body: aDeployment(name) });
      await apps.deleteNamespacedDeployment({ namespace, name, propagationPolicy });
      const marked = await apps.readNamespacedDeployment({ namespace, name });
      expect(marked.metadata?.finalizers).toEqual([finalizer]);
      expect(marked.metadata?.generation).toBe(2);
    }
  });
});

describe("deleting", () => {
  it("answers with a Status that names the object, or with the object, by its kind", async () => {
    await apps.createNamespacedDeployment({ namespace, body: aDeployment("gone") });
    const path = "/apis/apps/v1/namespaces/default/deployments/gone";
    const { body } = await ask(server, path, { method: "DELETE" });
    expect(body).toMatchObject({
      kind: "Status",
      status: "Success",
      details: { name: "gone", group: "apps", kind: "deployments" },
    });
    await core.createNamespacedService({
      namespace,
      body: { metadata: { name: "gone" }, spec: { ports: [{ port: 80 }] } },
    });
    const service = await ask(server, "/api/v1/namespaces/default/services/gone", {
      method: "DELETE",
    });
    expect(service.body.kind).toBe("Service");
  });

  it("orphans the pods of a Job unless told otherwise", async () => {
    const path = "/apis/batch/v1/namespaces/default/jobs";
    const spec = {
      template: { spec: { containers: [{ name: "a", image: "a" }], restartPolicy: "Never" } },
    };
    await ask(server, path, { method: "POST", body: { metadata: { name: "j" }, spec } });
    const { body } = await ask(server, `${path}/j`, { method: "DELETE" });
    expect(body.metadata.finalizers).toEqual(["orphan"]);
  });

  it("removes what a collection's selector selects, and nothing else", async () => {
    for (const [name, labels] of [
      ["one", { set: "a" }],
      ["two", { set: "a" }],
      ["three", { set: "b" }],
    ] as const) {
      await core.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels } } });
    }
    await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: "set=a" });
    const { items } = await core.listNamespacedConfigMap({ namespace, labelSelector: "set" });
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(["three"]);
  });
});
