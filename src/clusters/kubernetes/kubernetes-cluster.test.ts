import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HarnessError } from "#domain/errors.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import { connectionFailure } from "./api-errors.ts";
import { connectCluster } from "./kubernetes-cluster.ts";
import { answerJson, kubeconfigFor, refuse, ScriptedApi } from "./testing/scripted-api.ts";

const POD = "/api/v1/namespaces/shop/pods/web-1";
const WORKLOAD: WorkloadRef = { kind: "StatefulSet", namespace: "shop", name: "web" };
const { signal } = new AbortController();

let server: ScriptedApi;

beforeEach(async () => {
  server = new ScriptedApi();
  await server.listen();
  server.on("GET /version", (_, response) => answerJson(response, { gitVersion: "v1.36.2" }));
});

afterEach(async () => {
  await server.close();
});

describe("connectCluster", () => {
  const connect = (kubeconfig: string, context?: string) =>
    connectCluster({ kubeconfig, description: "ci", ...(context !== undefined && { context }) });

  it("learns the version, and ends what was started for the cluster when it is stopped", async () => {
    let stopped = 0;
    const cluster = await connectCluster({
      kubeconfig: server.kubeconfig,
      description: "ci",
      stop: async () => {
        stopped += 1;
      },
    });
    expect(cluster).toMatchObject({ description: "ci", kubernetesVersion: "v1.36.2" });
    await cluster.stop();
    expect(stopped).toBe(1);
  });

  it("names the contexts there are when the context is unknown", async () => {
    await expect(connect(server.kubeconfig, "prod")).rejects.toMatchObject({
      code: "CONTEXT_UNKNOWN",
      message: 'There is no context "prod" in the kubeconfig given.',
      hint: "Its contexts are: test.",
    });
  });

  it("connects to the cluster of the context that was asked for", async () => {
    const config = JSON.parse(kubeconfigFor("http://127.0.0.1:1"));
    const other = { name: "other", cluster: { server: `http://127.0.0.1:${server.port}` } };
    const context = { name: "ci", context: { cluster: "other", user: "tester" } };
    const clusters = [...config.clusters, other];
    const kubeconfig = { ...config, clusters, contexts: [...config.contexts, context] };
    const cluster = await connect(JSON.stringify(kubeconfig), "ci");
    await cluster.stop();
    expect(server.requests).toHaveLength(1);
  });

  it.each(["", "just text", "a: [unclosed"])("refuses the kubeconfig %j", async (text) => {
    await expect(connect(text)).rejects.toBeInstanceOf(HarnessError);
    await expect(connect(text)).rejects.toMatchObject({
      code: expect.stringMatching(/^(KUBECONFIG|CONTEXT)_/),
    });
  });

  it("says that nobody listens", async () => {
    const { kubeconfig } = server;
    await server.close();
    await expect(connect(kubeconfig)).rejects.toMatchObject({
      code: "CLUSTER_UNREACHABLE",
      message: expect.stringMatching(/^Could not connect to ci; .*127\.0\.0\.1.*ECONNREFUSED/),
    });
  });

  it("says that the credentials are wrong", async () => {
    server.on("GET /version", (_, response) =>
      refuse(response, 401, "Unauthorized", "Unauthorized"),
    );
    await expect(connect(server.kubeconfig)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await vi.waitFor(async () => expect(await server.connections()).toBe(0));
  });

  it("says that the user may not", async () => {
    const words = 'forbidden: User "system:anonymous" cannot get path "/version"';
    server.on("GET /version", (_, response) => refuse(response, 403, "Forbidden", words));
    await expect(connect(server.kubeconfig)).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringContaining(words),
    });
  });

  it("says that the server speaks no TLS", async () => {
    const kubeconfig = kubeconfigFor(`https://127.0.0.1:${server.port}`);
    await expect(connect(kubeconfig)).rejects.toMatchObject({ code: "CLUSTER_TLS" });
  });

  it.each(["SELF_SIGNED_CERT_IN_CHAIN", "ERR_TLS_CERT_ALTNAME_INVALID", "CERT_HAS_EXPIRED"])(
    "takes %s for a problem of certificates",
    (code) => {
      const error = Object.assign(new Error("certificate"), { code });
      expect(connectionFailure("connect", "https://ci", error).code).toBe("CLUSTER_TLS");
    },
  );

  it("says that something else answers at the address", async () => {
    server.on("GET /version", (_, response) => response.end("<html>Please log in</html>"));
    await expect(connect(server.kubeconfig)).rejects.toMatchObject({
      code: "CLUSTER_UNREACHABLE",
      message: expect.stringContaining("Please log in"),
    });
  });

  it("says which plugin failed to give credentials", async () => {
    const config = JSON.parse(server.kubeconfig);
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-login-plugin" };
    const kubeconfig = JSON.stringify({ ...config, users: [{ name: "tester", user: { exec } }] });
    await expect(connect(kubeconfig)).rejects.toMatchObject({
      code: "CREDENTIALS_FAILED",
      message: expect.stringMatching(/user tester .*no-such-login-plugin/),
    });
  });

  it("sends the user's token", async () => {
    const config = JSON.parse(server.kubeconfig);
    const kubeconfig = JSON.stringify({
      ...config,
      users: [{ name: "tester", user: { token: "t0ken" } }],
    });
    const cluster = await connect(kubeconfig);
    await cluster.stop();
    expect(server.requests[0]?.headers.authorization).toBe("Bearer t0ken");
  });
});

describe("a connected cluster", () => {
  let cluster: Cluster;

  beforeEach(async () => {
    cluster = await connectCluster({ kubeconfig: server.kubeconfig, description: "ci" });
  });

  afterEach(async () => {
    await cluster.stop();
  });

  it("reads the generation from the API server", async () => {
    server.on("GET /apis/apps/v1/namespaces/shop/statefulsets/web", (_, response) =>
      answerJson(response, { metadata: { generation: 3 } }),
    );
    expect(await cluster.readGeneration(WORKLOAD, signal)).toBe(3);
  });

  it("deletes a pod with its own grace and nothing else", async () => {
    server.on(`DELETE ${POD}`, (_, response) => answerJson(response, { kind: "Pod" }));
    const pod = { namespace: "shop", name: "web-1" };
    expect(await cluster.deletePod(pod, undefined, signal)).toBe("deleted");
    expect(server.requests.at(-1)?.body).toEqual({ apiVersion: "v1", kind: "DeleteOptions" });
  });

  it("deletes only the pod that was meant, with the grace that was asked", async () => {
    server.on(`DELETE ${POD}`, (_, response) => answerJson(response, { kind: "Pod" }));
    await cluster.deletePod({ namespace: "shop", name: "web-1", uid: "u1" }, 0, signal);
    expect(server.requests.at(-1)?.body).toMatchObject({
      gracePeriodSeconds: 0,
      preconditions: { uid: "u1" },
    });
  });

  it("asks for a dry run of a deletion and of an eviction", async () => {
    server.on(`DELETE ${POD}`, (_, response) => answerJson(response, { kind: "Pod" }));
    server.on(`POST ${POD}/eviction`, (_, response) => answerJson(response, { kind: "Status" }));
    const pod = { namespace: "shop", name: "web-1", dryRun: true } as const;
    await cluster.deletePod(pod, undefined, signal);
    expect(server.requests.at(-1)?.body).toMatchObject({ dryRun: ["All"] });
    await cluster.evictPod(pod, signal);
    expect(server.requests.at(-1)?.body).toMatchObject({ deleteOptions: { dryRun: ["All"] } });
  });

  it.each([
    [404, "NotFound"],
    [409, "Conflict"],
  ])("takes %d %s for a pod that has gone already", async (status, reason) => {
    server.on(`DELETE ${POD}`, (_, response) => refuse(response, status, reason, "no such pod"));
    const pod = { namespace: "shop", name: "web-1", uid: "u1" };
    expect(await cluster.deletePod(pod, undefined, signal)).toBe("already-gone");
  });

  it("reads the end of a container's log", async () => {
    server.on(`GET ${POD}/log`, (_, response) => response.end("listening\nbye\n"));
    const container = { namespace: "shop", pod: "web-1", container: "app" };
    expect(await cluster.readLogTail(container, 2, signal)).toBe("listening\nbye");
    expect(server.requests.at(-1)?.query).toEqual({ container: "app", tailLines: "2" });
  });

  it("has no log of a container that never started", async () => {
    server.on(`GET ${POD}/log`, (_, response) =>
      refuse(response, 400, "BadRequest", 'container "app" is waiting to start'),
    );
    const container = { namespace: "shop", pod: "web-1", container: "app" };
    expect(await cluster.readLogTail(container, 2, signal)).toBe("");
  });

  it("ends a request when the signal aborts", async () => {
    server.on(`GET ${POD}/log`, () => undefined); // never answers
    const container = { namespace: "shop", pod: "web-1", container: "app" };
    const abort = new AbortController();
    const reading = cluster.readLogTail(container, 2, abort.signal);
    await vi.waitFor(() => expect(server.requests.at(-1)?.path).toBe(`${POD}/log`));
    const reason = new Error("interrupted");
    abort.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});
