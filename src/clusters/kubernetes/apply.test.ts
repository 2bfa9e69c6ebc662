import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import { connectCluster } from "./kubernetes-cluster.ts";
import { answerJson, refuse, ScriptedApi } from "./testing/scripted-api.ts";

const APPS = "/apis/apps/v1/namespaces/shop/deployments";
const CORE = "/api/v1/namespaces/shop";
const { signal } = new AbortController();

function anObject(kind: string, fields: object = {}): KubernetesObject {
  const apiVersion = kind === "Deployment" ? "apps/v1" : "v1";
  return { apiVersion, kind, metadata: { name: "web", namespace: "shop" }, ...fields };
}

describe("apply", () => {
  let server: ScriptedApi;
  let cluster: Cluster;

  const writes = () =>
    server.requests.filter(({ method }) => method !== "GET").map((r) => `${r.method} ${r.path}`);
  const lastBody = () => server.requests.at(-1)?.body as KubernetesObject;

  beforeEach(async () => {
    server = new ScriptedApi();
    await server.listen();
    server.on("GET /version", (_, response) => answerJson(response, { gitVersion: "v1.36.2" }));
    const resource = (name: string, kind: string) => ({ name, kind, namespaced: true });
    server.on("GET /api/v1", (_, response) =>
      answerJson(response, {
        resources: [
          { name: "namespaces", kind: "Namespace", namespaced: false },
          resource("pods", "Pod"),
          resource("pods/log", "Pod"),
          resource("services", "Service"),
          resource("secrets", "Secret"),
        ],
      }),
    );
    server.on("GET /apis/apps/v1", (_, response) =>
      answerJson(response, { resources: [resource("deployments", "Deployment")] }),
    );
    for (const path of [APPS, `${CORE}/services`, `${CORE}/secrets`, "/api/v1/namespaces"]) {
      server.on(`POST ${path}`, ({ body }, response) => answerJson(response, body, 201));
    }
    cluster = await connectCluster({ kubeconfig: server.kubeconfig, description: "scripted" });
  });

  afterEach(async () => {
    await cluster.stop();
    await server.close();
  });

  it("creates what others need first", async () => {
    server.on("GET /api/v1/namespaces/shop", (_, response) =>
      refuse(response, 404, "NotFound", 'namespaces "shop" not found'),
    );
    const namespace = { ...anObject("Namespace"), metadata: { name: "shop" } };
    const objects = [anObject("Deployment"), anObject("Service"), anObject("Secret"), namespace];
    await cluster.apply(objects, signal);
    expect(writes()).toEqual([
      "POST /api/v1/namespaces",
      `POST ${CORE}/secrets`,
      `POST ${CORE}/services`,
      `POST ${APPS}`,
    ]);
  });

  it("has unknown fields refused, not dropped", async () => {
    await cluster.apply([anObject("Service")], signal);
    expect(server.requests.at(-1)?.query).toMatchObject({ fieldValidation: "Strict" });
  });

  it("replaces a workload, so that a field that left the manifest leaves the cluster", async () => {
    alreadyExists(APPS);
    const storedMetadata = {
      name: "web",
      namespace: "shop",
      uid: "u1",
      resourceVersion: "42",
      annotations: { "deployment.kubernetes.io/revision": "3" },
    };
    const storedTemplate = { spec: { terminationGracePeriodSeconds: 5, containers: [] } };
    server.on(`GET ${APPS}/web`, (_, response) =>
      answerJson(response, {
        metadata: storedMetadata,
        spec: { replicas: 7, template: storedTemplate },
        status: { replicas: 7 },
      }),
    );
    server.on(`PUT ${APPS}/web`, ({ body }, response) => answerJson(response, body));
    const template = { spec: { containers: [] } };
    await cluster.apply([anObject("Deployment", { spec: { template } })], signal);
    expect(lastBody()).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: storedMetadata,
      // Nobody but an autoscaler has set the replicas.
      spec: { replicas: 7, template },
      status: { replicas: 7 },
    });
  });

  it("does not try to create what is there, which a full quota would refuse", async () => {
    server.on(`POST ${APPS}`, (_, response) =>
      refuse(response, 403, "Forbidden", "exceeded quota: count/deployments.apps=1"),
    );
    server.on(`GET ${APPS}/web`, (_, response) =>
      answerJson(response, { metadata: { name: "web", resourceVersion: "1" } }),
    );
    server.on(`PUT ${APPS}/web`, ({ body }, response) => answerJson(response, body));
    await cluster.apply([anObject("Deployment")], signal);
    expect(writes()).toEqual([`PUT ${APPS}/web`]);
  });

  it("reads again and replaces again when a controller wrote in between", async () => {
    alreadyExists(APPS);
    let version = 1;
    server.on(`GET ${APPS}/web`, (_, response) =>
      answerJson(response, { metadata: { name: "web", resourceVersion: String(version) } }),
    );
    server.on(`PUT ${APPS}/web`, ({ body }, response) => {
      version += 1;
      if (version < 4) refuse(response, 409, "Conflict", "the object has been modified");
      else answerJson(response, body);
    });
    await cluster.apply([anObject("Deployment")], signal);
    expect(writes().filter((write) => write.startsWith("PUT"))).toHaveLength(3);
    expect(lastBody().metadata).toMatchObject({ resourceVersion: "3" });
  });

  it("gives up on a workload that is never left alone", async () => {
    alreadyExists(APPS);
    server.on(`GET ${APPS}/web`, (_, response) =>
      answerJson(response, { metadata: { name: "web", resourceVersion: "1" } }),
    );
    server.on(`PUT ${APPS}/web`, (_, response) =>
      refuse(response, 409, "Conflict", "the object has been modified"),
    );
    await expect(cluster.apply([anObject("Deployment")], signal)).rejects.toMatchObject({
      code: "API_REFUSED",
      message: expect.stringContaining("the object has been modified"),
    });
  });

  it("merges into a Service, which keeps the addresses it was given", async () => {
    alreadyExists(`${CORE}/services`);
    server.on(`PATCH ${CORE}/services/web`, (_, response) => answerJson(response, {}));
    await cluster.apply([anObject("Service", { spec: { ports: [{ port: 80 }] } })], signal);
    expect(server.requests.at(-1)?.headers["content-type"]).toBe("application/merge-patch+json");
    expect(lastBody()).toMatchObject({ spec: { ports: [{ port: 80 }] } });
  });

  it("passes the API's own words on, with the object they are about", async () => {
    server.on(`POST ${APPS}`, (_, response) =>
      refuse(response, 422, "Invalid", 'Deployment.apps "web" is invalid: spec.selector: Required'),
    );
    await expect(cluster.apply([anObject("Deployment")], signal)).rejects.toMatchObject({
      code: "API_REFUSED",
      message:
        'Could not create Deployment shop/web; the API answered 422 Invalid: Deployment.apps "web" is invalid: spec.selector: Required.',
    });
  });

  it("names the kinds there are when the kind is unknown", async () => {
    const typo = { ...anObject("Deploymint"), apiVersion: "apps/v1" };
    await expect(cluster.apply([typo], signal)).rejects.toMatchObject({
      code: "KIND_UNKNOWN",
      hint: "It serves these kinds there: Deployment.",
    });
    expect(writes()).toEqual([]);
  });

  it("says so when the whole group is unknown", async () => {
    const rollout = { ...anObject("Rollout"), apiVersion: "argoproj.io/v1alpha1" };
    await expect(cluster.apply([rollout], signal)).rejects.toMatchObject({
      code: "KIND_UNKNOWN",
      hint: expect.stringContaining("argoproj.io/v1alpha1"),
    });
  });

  function alreadyExists(collection: string): void {
    server.on(`POST ${collection}`, (_, response) =>
      refuse(response, 409, "AlreadyExists", "already exists"),
    );
  }
});
