import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Cluster } from "#ports/cluster.ts";
import { connectCluster } from "./kubernetes-cluster.ts";
import { type Answer, answerJson, refuse, ScriptedApi } from "./testing/scripted-api.ts";

const POD = { namespace: "shop", name: "web-1", uid: "u1" };
const ROUTE = "/api/v1/namespaces/shop/pods/web-1";
const REF = { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web-1" };

/** What a request that changes something meets when the API server is not well. */
describe("requests", () => {
  const { signal } = new AbortController();
  let server: ScriptedApi;
  let cluster: Cluster;

  beforeEach(async () => {
    server = new ScriptedApi();
    await server.listen();
    server.on("GET /version", (_, response) => answerJson(response, { gitVersion: "v1.36.2" }));
    cluster = await connectCluster({ kubeconfig: server.kubeconfig, description: "ci" });
  });

  afterEach(async () => {
    await cluster.stop();
    await server.close();
  });

  const sent = (method: string) => server.requests.filter((each) => each.method === method).length;

  function answers(route: string, ...those: readonly Answer[]): void {
    const left = [...those];
    server.on(route, (request, response) => left.shift()?.(request, response));
  }

  const busy: Answer = (_, response) => {
    response.setHeader("retry-after", "0.05");
    refuse(response, 429, "TooManyRequests", "slow down");
  };
  const reset: Answer = (_, response) => response.destroy();
  const done: Answer = (_, response) => answerJson(response, { kind: "Pod", metadata: {} });
  const failing: Answer = (_, response) => refuse(response, 500, "InternalError", "etcd");

  it("are sent again when an overloaded server has turned them away", async () => {
    answers(`DELETE ${ROUTE}`, busy, busy, done);
    expect(await cluster.deletePod(POD, undefined, signal)).toBe("deleted");
    expect(sent("DELETE")).toBe(3);
  });

  it("are not sent again when the answer is lost: it may have been done", async () => {
    answers(`DELETE ${ROUTE}`, reset, done);
    await expect(cluster.deletePod(POD, undefined, signal)).rejects.toMatchObject({
      code: "CLUSTER_UNREACHABLE",
    });
    expect(sent("DELETE")).toBe(1);
  });

  it("are sent again where they only read", async () => {
    answers(`GET ${ROUTE}`, reset, failing, done);
    expect(await cluster.readObject(REF, signal)).toMatchObject({ kind: "Pod" });
  });

  it("outlive a restart of the server before they were sent", async () => {
    const { port } = server;
    await server.close();
    await new Promise((resolve) => setTimeout(resolve, 20)); // the kept connection learns of it
    server.on(`DELETE ${ROUTE}`, done);
    const deleting = cluster.deletePod(POD, undefined, signal);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await server.listen(port);
    expect(await deleting).toBe("deleted");
    expect(sent("DELETE")).toBe(1);
  });

  it("end while they wait when the run is interrupted, or the cluster is left", async () => {
    const patient: Answer = (_, response) => {
      response.setHeader("retry-after", "9");
      refuse(response, 429, "TooManyRequests", "slow down");
    };
    server.on(`DELETE ${ROUTE}`, patient);
    const interrupted = new AbortController();
    const deleting = cluster.deletePod(POD, undefined, interrupted.signal);
    await vi.waitFor(() => expect(sent("DELETE")).toBe(1));
    interrupted.abort(new Error("Ctrl-C"));
    await expect(deleting).rejects.toThrow("Ctrl-C");
    const other = cluster.deletePod(POD, undefined, signal);
    await vi.waitFor(() => expect(sent("DELETE")).toBe(2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const failed = expect(other).rejects.toMatchObject({ code: "CLUSTER_UNREACHABLE" });
    await cluster.stop();
    await failed;
  });

  it("leave it to the disruption what a budget's refusal means", async () => {
    answers(`POST ${ROUTE}/eviction`, busy, done);
    expect(await cluster.evictPod(POD, signal)).toMatchObject({ type: "busy" });
    expect(sent("POST")).toBe(1);
  });
});
