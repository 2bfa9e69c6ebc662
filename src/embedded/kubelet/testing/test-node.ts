import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Container, Pod } from "#embedded/api/objects.ts";
import {
  type Kubelet,
  type KubeletOptions,
  startKubelet,
} from "#embedded/kubelet/start-kubelet.ts";
import { FakeApi } from "./fake-api.ts";
import { testNetwork } from "./test-network.ts";

/** Waits that nobody has to sit through in a test; each is a parameter of the kubelet. */
const QUICK = {
  relistMs: 5,
  secondLookMs: 100,
  oneLookMs: 1_000,
  finishMs: 20,
  backOffMs: 300,
  longestBackOffMs: 1_200,
  retryMs: 100,
};

export interface TestNode {
  readonly api: FakeApi;
  readonly kubelet: Kubelet;
  readonly directory: string;
  readonly podPrefix: string;
  stop(): Promise<void>;
}

/** A kubelet with an API of its own. The addresses depend on the process, so test files do not meet. */
export async function startTestNode(options: Partial<KubeletOptions> = {}): Promise<TestNode> {
  const directory = mkdtempSync(join(tmpdir(), "lastcall-kubelet-"));
  const api = new FakeApi();
  const block = 1 + (process.pid % 250);
  const serverAddress = `127.251.${block}.1`;
  const { prefix, netns } = testNetwork.current ?? {};
  const podPrefix = prefix === undefined ? `127.252.${block}` : `${prefix}.1`;
  const address = prefix === undefined ? serverAddress : `${prefix}.0.11`;
  const kubelet = await startKubelet({
    client: api,
    node: { name: "node-1", address, serverAddress, podPrefix },
    netns,
    images: [{ image: "mapped", directory, command: ["/bin/sh", "-c"] }],
    directory,
    clusterSecret: "secret",
    timing: QUICK,
    ...options,
  });
  const stop = async () => {
    await kubelet.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { api, kubelet, directory, podPrefix, stop };
}

/** A container that runs a shell script. */
export function shell(script: string, rest: Partial<Container> = {}): Container {
  return { name: "app", image: "node:24", command: ["/bin/sh", "-c", script], ...rest };
}

/** A container that runs a few lines of Node.js. */
export function node(script: string, rest: Partial<Container> = {}): Container {
  return { name: "app", image: "node:24", command: ["node", "-e", script], ...rest };
}

/** Serves HTTP on the pod's address and port 8080, and exits 0 on SIGTERM. */
export const SERVER = `
  const server = require("node:http").createServer((request, response) => {
    if (request.url === "/fail") response.statusCode = 503;
    response.end("ok");
  });
  server.listen(8080, process.env.HOST);
  process.on("SIGTERM", () => process.exit(0));`;

/**
 * A container that does `onSigterm` and then ends with its exit code. It counts as started only when it
 * can catch the signal: one that comes earlier would be lost, here as on a real node.
 */
export function trapping(onSigterm: string, rest: Partial<Container> = {}): Container {
  const command = ["/bin/sh", "-c", "until test -e /tmp/trapped; do sleep 0.01; done"];
  const lifecycle = { postStart: { exec: { command } }, ...rest.lifecycle };
  const script = `trap '${onSigterm}' TERM; touch /tmp/trapped; while :; do sleep 0.02; done`;
  return shell(script, { ...rest, lifecycle });
}

export function isRunning(pod: Pod | undefined): boolean {
  return pod?.status.phase === "Running";
}

export function isReady(pod: Pod | undefined): boolean {
  return (
    pod?.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ===
    true
  );
}

export function isGone(pod: Pod | undefined): boolean {
  return pod === undefined;
}
