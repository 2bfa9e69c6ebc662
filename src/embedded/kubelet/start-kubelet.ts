import { existsSync } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ApiClient } from "#embedded/api/client.ts";
import type { Pod } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import { BackOff } from "./back-off.ts";
import { EventRecorder } from "./events.ts";
import type { ImageMapping } from "./images.ts";
import { DEFAULT_TIMING, type KubeletTiming, type NodeContext } from "./node-context.ts";
import { machineCapacity } from "./node-object.ts";
import { HEARTBEAT_MS, NodeRegistration } from "./node-registration.ts";
import { type PodNetns, PodSandboxes } from "./pod-sandboxes.ts";
import { type IssueToken, PodTokens } from "./pod-tokens.ts";
import { PodWorkers } from "./pod-workers.ts";
import type { ContainerRuntime } from "./runtime/container-runtime.ts";
import { detectRuntime } from "./runtime/detect-runtime.ts";
import { startWatchdog } from "./runtime/watchdog.ts";
import { startNodeServer } from "./server/node-server.ts";
import { type ShutdownGroup, shutDownNode, shutdownGroups } from "./shut-down-node.ts";
import { MemoryWatch } from "./usage/memory-watch.ts";
import { watchResource } from "./watch-resource.ts";

/** What a node is made of; the API server is reached through the client alone. */
export interface KubeletOptions {
  readonly client: ApiClient;
  readonly node: {
    readonly name: string;
    readonly address: string;
    /** Where the kubelet itself listens, if that is another; see node-object.ts. */
    readonly serverAddress?: string | undefined;
    /** The first three bytes of its pods' addresses: `127.7.1` gives 127.7.1.1 to 127.7.1.254. */
    readonly podPrefix: string;
    readonly providerID?: string | undefined;
  };
  readonly images: readonly ImageMapping[];
  /** Logs, volumes and the containers' own files; whoever gave it removes it after the stop. */
  readonly directory: string;
  /** What the API server shows to read logs. */
  readonly clusterSecret: string;
  /** Where pods ask for the names of Services. */
  readonly dns?: string | undefined;
  /** Without it pods that want to speak for their service account do not start. */
  readonly issueToken?: IssueToken;
  /** Gives each pod a network namespace; without it all share the network of this machine. */
  readonly netns?: PodNetns | undefined;
  readonly timing?: Partial<KubeletTiming>;
  /** How often the node says that it lives. */
  readonly heartbeatMs?: number | undefined;
  /** Forces one way of making containers; by default the best that works here. */
  readonly runtime?: ContainerRuntime["type"];
}

/** A node that works, with the ways in which its machine can go. */
export interface Kubelet {
  /** How containers are made on this machine. */
  readonly runtime: ContainerRuntime["type"];
  /** Powers the node off in good order; by default the way of a kubelet with 30 s, 10 of them for critical pods. */
  shutDown(groups?: readonly ShutdownGroup[]): Promise<void>;
  /** Falls silent with all its pods, as a machine does that hangs; only `stop` is of any use then. */
  freeze(): Promise<void>;
  /** SIGKILL for one container from outside, by its id; false when it does not run here. */
  killContainer(id: string): boolean;
  /** SIGKILL for everything that runs; nothing of it is left afterwards, and nothing is reported. */
  stop(): Promise<void>;
}

/** Registers the node, then runs the pods that are bound to it. */
export async function startKubelet(options: KubeletOptions): Promise<Kubelet> {
  const { client, node, directory, clusterSecret } = options;
  const { serverAddress = node.address } = node;
  await mkdir(directory, { recursive: true });
  await openForContainers(directory);
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const memoryDirectory = memoryDirectoryOf(directory, node.name);
    await mkdir(memoryDirectory, { recursive: true, mode: 0o711 });
    const watchdog = await startWatchdog(directory, memoryDirectory);
    stops.push(() => watchdog.stop());
    stops.push(() => rm(memoryDirectory, { recursive: true, force: true }));
    const only = options.runtime;
    const runtime = await detectRuntime({ directory, watchdog, ...(only && { only }) });
    const events = new EventRecorder(client, node.name);
    stops.push(() => events.flush());
    const context = nodeContext(options, { runtime, events, memoryDirectory });
    const pods = new PodWorkers(context);
    stops.push(() => pods.stop());
    const server = await startNodeServer({ address: serverAddress, clusterSecret, pods });
    stops.push(() => server.stop());
    const registration = new NodeRegistration(client, events, {
      ...{ name: node.name, address: node.address, serverAddress, port: server.port },
      ...{ capacity: context.allocatable, runtime: runtime.type },
      podRange: `${node.podPrefix}.0/24`,
      heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS,
      providerID: node.providerID,
    });
    stops.push(() => registration.stop());
    await registration.start();
    const stopWatching = watchPods(client, node.name, pods);
    stops.push(stopWatching);
    const shuttingDown = { name: node.name, pods, registration, events };
    return {
      runtime: runtime.type,
      shutDown: (groups = shutdownGroups(30, 10)) => shutDownNode(shuttingDown, groups),
      freeze: async () => {
        pods.freeze();
        await Promise.all([registration.stop(), stopWatching(), server.stop()]);
      },
      killContainer: (id) => pods.killContainer(id),
      stop: stopAll,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function nodeContext(
  { client, node, images, directory, timing, netns, dns, issueToken = noTokens }: KubeletOptions,
  made: Pick<NodeContext, "runtime" | "events" | "memoryDirectory">,
): NodeContext {
  const { name, address, podPrefix } = node;
  const times = { ...DEFAULT_TIMING, ...timing };
  const backOff = () => new BackOff(times.backOffMs, times.longestBackOffMs);
  return {
    ...{ client, name, address, images, directory },
    ...made,
    allocatable: machineCapacity(),
    timing: times,
    memory: new MemoryWatch(),
    sandboxes: new PodSandboxes({ prefix: podPrefix, nodeAddress: address, netns }),
    restarts: backOff(),
    imagePulls: backOff(),
    tokens: new PodTokens(issueToken),
    dns,
  };
}

/** Beside the cluster's directory, but in the machine's own memory file system, if it has one. */
function memoryDirectoryOf(directory: string, node: string): string {
  const shared = "/dev/shm";
  if (!existsSync(shared)) return join(directory, "memory", node);
  return join(shared, `${basename(directory)}-${node}`);
}

function noTokens(): never {
  throw new Error("this kubelet was given no way to ask for tokens");
}

/** Follows the pods bound to the node; returns how to stop that. */
function watchPods(client: ApiClient, nodeName: string, pods: PodWorkers): () => Promise<void> {
  const end = new AbortController();
  const watching = watchResource<Pod>(
    {
      client,
      resource: PODS,
      options: { fieldSelector: `spec.nodeName=${nodeName}` },
      handlers: { onPresent: (pod) => pods.onPresent(pod), onGone: (pod) => pods.onGone(pod) },
    },
    end.signal,
  );
  return () => {
    end.abort();
    return watching;
  };
}

/**
 * Only root's containers can be somebody else. They pass through to what is theirs: names of pods cannot be
 * guessed, so that nobody finds tokens, Secrets and logs of others as long as nobody may list them.
 */
async function openForContainers(directory: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  await chmod(directory, 0o711);
  for (const [part, mode] of [
    ["pods", 0o711],
    ["logs", 0o700],
  ] as const) {
    const path = join(directory, part);
    await mkdir(path, { recursive: true });
    await chmod(path, mode);
  }
}
