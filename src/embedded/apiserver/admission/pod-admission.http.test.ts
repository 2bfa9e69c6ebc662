import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
  await post("/api/v1/namespaces/default/serviceaccounts", { metadata: { name: "robot" } });
});
afterAll(() => server.stop());

const post = (path: string, body: object) => ask(server, path, { method: "POST", body });
const pod = (name: string, spec: object) =>
  post("/api/v1/namespaces/default/pods", {
    metadata: { name },
    spec: { containers: [{ name: "app", image: "app" }], ...spec },
  });

describe("a pod with a service account", () => {
  it("is given the token, the certificate and the namespace by which it can ask the API", async () => {
    const { spec } = (await pod("asking", { serviceAccountName: "robot" })).body;
    const [volume] = spec.volumes;
    expect(volume.name).toMatch(/^kube-api-access-.{5}$/);
    const sources = volume.projected.sources as readonly object[];
    expect(sources.flatMap((source) => Object.keys(source))).toEqual([
      ...["serviceAccountToken", "configMap", "downwardAPI"],
    ]);
    const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    expect(spec.containers[0].volumeMounts).toEqual([
      { name: volume.name, mountPath, readOnly: true },
    ]);
  });

  it("is given none when it wants none", async () => {
    const silent = { serviceAccountName: "robot", automountServiceAccountToken: false };
    const { spec } = (await pod("silent", silent)).body;
    expect([spec.volumes, spec.containers[0].volumeMounts]).toEqual([undefined, undefined]);
  });
});

describe("a pod with a RuntimeClass", () => {
  it("has its overhead and its place, and is refused when there is no such class", async () => {
    await post("/apis/node.k8s.io/v1/runtimeclasses", {
      metadata: { name: "boxed" },
      handler: "box",
      overhead: { podFixed: { memory: "10Mi" } },
      scheduling: { nodeSelector: { boxes: "yes" } },
    });
    const { spec } = (await pod("boxed", { runtimeClassName: "boxed" })).body;
    expect([spec.overhead, spec.nodeSelector]).toEqual([{ memory: "10Mi" }, { boxes: "yes" }]);
    const { code, body } = await pod("lost", { runtimeClassName: "gone" });
    const why = 'pods "lost" is forbidden: pod rejected: RuntimeClass "gone" not found';
    expect([code, body.message]).toEqual([403, why]);
  });
});
