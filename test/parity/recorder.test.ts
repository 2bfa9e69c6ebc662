import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiConnection } from "#clusters/kubernetes/api-connection.ts";
import { loadKubeConfig } from "#clusters/kubernetes/load-kubeconfig.ts";
import type { Pod } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import { type ApiServer, startApiServer } from "#embedded/apiserver/start-api-server.ts";
import { runInPlace } from "./kubectl.ts";
import { Recorder } from "./recorder.ts";
import { parseTrace } from "./trace.ts";

let server: ApiServer;
let api: ApiConnection;

beforeAll(async () => {
  server = await startApiServer({
    ...{ address: "127.0.0.1", port: 0 },
    ...{ serviceAddressPrefix: "127.0.250", clusterSecret: "none" },
  });
  api = new ApiConnection(await loadKubeConfig({ kubeconfig: server.kubeconfig }));
});
afterAll(async () => {
  api.close();
  await server.stop();
});

const create = (name: string) =>
  server.client.create<Pod>(PODS, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { nodeName: "node-1", containers: [{ name: "app", image: "app" }] },
  });
/** By force, so that it is gone although no kubelet is there. */
const remove = (name: string) =>
  server.client.delete(PODS, name, { namespace: "default", gracePeriodSeconds: 0 });
const RESOURCES = [{ resource: "pods", path: "/api/v1/namespaces/default/pods" }];
const RESULT = { exitCode: 3, stdout: "out", stderr: "err" };

describe("a recording", () => {
  it("holds what was there, what the action changed, and how the action ended", async () => {
    await create("before");
    const recorder = new Recorder(api, RESOURCES);
    await recorder.start();
    const trace = await recorder.record(async () => {
      await create("during");
      await remove("before");
      await remove("during");
      return RESULT;
    }, 5_000);
    recorder.stop();
    const seen = trace.entries.map(({ type, object }) => `${type} ${object.metadata.name}`);
    expect(seen).toEqual([
      "INITIAL before",
      "ADDED during",
      "MODIFIED before",
      "DELETED before",
      "MODIFIED during",
      "DELETED during",
    ]);
    expect(trace.entries[0]?.t).toBe(-1);
    expect(trace.entries.slice(1).every(({ t }) => t >= 0)).toBe(true);
    expect(trace.action).toEqual(RESULT);
    // The text is a golden trace again.
    expect(parseTrace(recorder.text)).toEqual(trace);
  });

  it("ends after the longest tail when nothing settles", async () => {
    const recorder = new Recorder(api, RESOURCES);
    await recorder.start();
    const trace = await recorder.record(async () => {
      await create("never-ready");
      return RESULT;
    }, 50);
    recorder.stop();
    await remove("never-ready");
    expect(trace.entries).toHaveLength(1);
  });

  it("fails when the cluster goes away, rather than comparing half of it", async () => {
    const lost = new ApiConnection(await loadKubeConfig({ kubeconfig: server.kubeconfig }));
    const recorder = new Recorder(lost, RESOURCES);
    await recorder.start();
    const recording = recorder.record(() => new Promise(() => undefined), 5_000);
    lost.close();
    await expect(recording).rejects.toThrow();
    recorder.stop();
  });
});

describe("an action", () => {
  it("runs with the cluster and the namespace in its environment", async () => {
    const place = { kubeconfigFile: "/a/kubeconfig", namespace: "g-case" };
    const script = 'echo "$KUBECONFIG $NS"; echo trouble >&2; exit 7';
    expect(await runInPlace(["bash", "-c", script], place)).toEqual({
      ...{ exitCode: 7, stdout: "/a/kubeconfig g-case\n", stderr: "trouble\n" },
    });
  });

  it("fails with its name when the program is not there", async () => {
    const place = { kubeconfigFile: "", namespace: "" };
    await expect(runInPlace(["no-such-kubectl"], place)).rejects.toThrow(/no-such-kubectl/);
  });
});
