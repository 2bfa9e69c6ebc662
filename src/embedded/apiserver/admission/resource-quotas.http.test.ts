import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function namespaceWith(name: string, hard: object) {
  await ask(server, "/api/v1/namespaces", { method: "POST", body: { metadata: { name } } });
  const post = (plural: string, body: object) =>
    ask(server, `/api/v1/namespaces/${name}/${plural}`, { method: "POST", body });
  await post("resourcequotas", { metadata: { name: "quota" }, spec: { hard } });
  return post;
}
const pod = (name: string, resources: object = {}) => ({
  metadata: { name },
  spec: { containers: [{ name: "app", image: "app", resources }] },
});

describe("a ResourceQuota", () => {
  it("keeps out the object that there is no room for, and lets it in when another has gone", async () => {
    const post = await namespaceWith("counted", { configmaps: "1" });
    expect((await post("configmaps", { metadata: { name: "one" } })).code).toBe(201);
    const refused = await post("configmaps", { metadata: { name: "two" } });
    expect([refused.code, refused.body.message]).toEqual([
      403,
      'configmaps "two" is forbidden: exceeded quota: quota, requested: configmaps=1, used: configmaps=1, limited: configmaps=1',
    ]);
    await ask(server, "/api/v1/namespaces/counted/configmaps/one", { method: "DELETE" });
    expect((await post("configmaps", { metadata: { name: "two" } })).code).toBe(201);
  });

  it("does not bind other namespaces, nor an update that needs no more", async () => {
    const post = await namespaceWith("full", { configmaps: "1" });
    await post("configmaps", { metadata: { name: "one" } });
    const update = await ask(server, "/api/v1/namespaces/full/configmaps/one", {
      method: "PUT",
      body: { metadata: { name: "one" }, data: { a: "b" } },
    });
    expect(update.code).toBe(200);
    const elsewhere = { method: "POST", body: { metadata: { name: "one" } } };
    const other = await ask(server, "/api/v1/namespaces/default/configmaps", elsewhere);
    expect(other.code).toBe(201);
  });

  it("charges a pod for what it requests, and demands that it says so", async () => {
    const post = await namespaceWith("measured", { cpu: "1", "requests.memory": "1Gi" });
    const silent = await post("pods", pod("silent"));
    expect(silent.body.message).toBe(
      'pods "silent" is forbidden: failed quota: quota: must specify cpu for: app; requests.memory for: app',
    );
    const requests = { cpu: "600m", memory: "100Mi" };
    expect((await post("pods", pod("first", { requests }))).code).toBe(201);
    const second = await post("pods", pod("second", { requests }));
    expect(second.body.message).toBe(
      'pods "second" is forbidden: exceeded quota: quota, requested: cpu=600m, used: cpu=600m, limited: cpu=1',
    );
  });

  it("charges a service that becomes a NodePort service", async () => {
    const post = await namespaceWith("ports", { "services.nodeports": "0" });
    const spec = { ports: [{ port: 80 }], selector: { a: "b" } };
    await post("services", { metadata: { name: "web" }, spec });
    const path = "/api/v1/namespaces/ports/services/web";
    const patch = await ask(server, path, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: { spec: { type: "NodePort" } },
    });
    expect(patch.body.message).toContain(
      "requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0",
    );
  });
});
