import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startCluster } from "#embedded/index.ts";

/** Other test files start clusters at the same time: what they leave is not ours to judge. */
let temporary = "";
const outerTmpdir = process.env["TMPDIR"];

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "start-cluster-test-"));
  process.env["TMPDIR"] = temporary;
});
afterAll(() => {
  if (outerTmpdir === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = outerTmpdir;
  rmSync(temporary, { recursive: true, force: true });
});

function coreOf(kubeconfig: string): CoreV1Api {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return config.makeApiClient(CoreV1Api);
}

const isListening = (url: string) =>
  new Promise<boolean>((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });

const directories = () => readdirSync(temporary);

describe("startCluster", () => {
  it("starts clusters side by side, each with its own addresses and nodes", async () => {
    await using stack = new AsyncDisposableStack();
    const first = await startCluster({ nodes: 1 });
    stack.defer(() => first.stop());
    const second = await startCluster({ nodes: 2 });
    stack.defer(() => second.stop());
    expect(new URL(first.url).hostname).not.toBe(new URL(second.url).hostname);
    const { items } = await coreOf(second.kubeconfig).listNode();
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(["node-1", "node-2"]);
    const block = new URL(second.url).hostname.split(".")[1];
    expect(items[1]?.status?.addresses).toContainEqual({
      type: "InternalIP",
      address: `127.${block}.0.12`,
    });
  });

  it("starts on a machine that has a Kubernetes already, on every address", async () => {
    await using stack = new AsyncDisposableStack();
    const theirs = createServer();
    stack.defer(() => void theirs.close());
    theirs.listen(6443);
    await once(theirs, "listening").catch(() => undefined); // the machine may really have one
    const cluster = await startCluster({ nodes: 1 });
    stack.defer(() => cluster.stop());
    expect((await coreOf(cluster.kubeconfig).listNode()).items).toHaveLength(1);
  });

  it("leaves no socket and no directory behind, however often it is stopped", async () => {
    const cluster = await startCluster({ nodes: 1 });
    expect(directories()).toEqual([expect.stringMatching(/^lastcall-/)]);
    await Promise.all([cluster.stop(), cluster.stop()]);
    await cluster.stop();
    expect(await isListening(cluster.url)).toBe(false);
    expect(directories()).toEqual([]);
  });

  it("gives every namespace the certificate that its clients need, again when it is deleted or changed", async () => {
    await using stack = new AsyncDisposableStack();
    const cluster = await startCluster({ nodes: 1 });
    stack.defer(() => cluster.stop());
    const core = coreOf(cluster.kubeconfig);
    await core.createNamespace({ body: { metadata: { name: "shop" } } });
    const place = { name: "kube-root-ca.crt", namespace: "shop" };
    const original = { ...place, namespace: "kube-system" };
    const certificate = async (of = place) =>
      (await core.readNamespacedConfigMap(of)).data?.["ca.crt"];
    const config = new KubeConfig();
    config.loadFromString(cluster.kubeconfig);
    const expected = Buffer.from(config.getCurrentCluster()?.caData ?? "", "base64").toString();
    await vi.waitFor(async () => expect(await certificate()).toBe(expected));
    await core.deleteNamespacedConfigMap(place);
    await vi.waitFor(async () => expect(await certificate()).toBe(expected));
    const body = { metadata: { name: place.name }, data: { "ca.crt": "another" } };
    for (const one of [place, original]) {
      await core.replaceNamespacedConfigMap({ ...one, body });
      await vi.waitFor(async () => expect(await certificate(one)).toBe(expected));
    }
    expect(await certificate()).toBe(expected);
  });

  it("starts nothing when it was aborted before", async () => {
    const reason = new Error("changed my mind");
    await expect(startCluster({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("stops what it had started when it is aborted meanwhile", async () => {
    const aborting = new AbortController();
    const starting = startCluster({ nodes: 1, signal: aborting.signal });
    aborting.abort();
    await expect(starting).rejects.toBe(aborting.signal.reason);
    expect(directories()).toEqual([]);
  });
});
