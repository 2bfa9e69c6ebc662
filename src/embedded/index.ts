import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiServer } from "#embedded/apiserver/start-api-server.ts";
import { startInFreeBlock } from "#embedded/apiserver/start-in-free-block.ts";
import { startControllers } from "#embedded/controllers/start-controllers.ts";
import { BUILT_IN_IMAGES } from "#embedded/images/built-in-images.ts";
import { type KubeletOptions, startKubelet } from "#embedded/kubelet/start-kubelet.ts";
import { Machine } from "#embedded/machines/machine.ts";
import { canHoldSocket, serveSwitches } from "#embedded/machines/serve-switches.ts";
import { NetnsUnavailableError, openNetns } from "#embedded/netns/open-netns.ts";
import { CONNECTIONS_PORT } from "#embedded/network/connection-server.ts";
import { startDns } from "#embedded/network/dns/start-dns.ts";
import { startNetwork } from "#embedded/network/start-network.ts";

export { CONNECTIONS_PORT, NetnsUnavailableError };

/** Everything has a default. */
export interface EmbeddedClusterOptions {
  /** 3 unless given. */
  readonly nodes?: number;
  /**
   * What a container image of that name runs; a command of the container's own replaces `command`. They come
   * before what is built in: `node` and agnhost, the image of Kubernetes' own tests.
   */
  readonly images?: readonly EmbeddedImage[];
  /** From a change of an EndpointSlice until new connections follow it, on every node. 100 unless given. */
  readonly dataPathDelayMs?: number;
  /** How long a node may be silent until it is taken for lost. 50 s unless given, as Kubernetes has it. */
  readonly nodeMonitorGraceMs?: number;
  /** `process` unless given. */
  readonly podNetwork?: PodNetwork;
  /** Ends the start; what had been started by then is stopped. */
  readonly signal?: AbortSignal;
}

/**
 * Where pods have their addresses: `process`, on the loopback of this machine, which they share; `netns`, each
 * in a network namespace of its own, with Services translated by the kernel; `auto`, the second where it works.
 */
export type PodNetwork = "process" | "netns" | "auto";

/** An image is a directory on this machine and what to run in it. */
export interface EmbeddedImage {
  readonly image: string;
  readonly directory: string;
  readonly command: readonly string[];
}

/** A running cluster, met like any other: by its kubeconfig. */
export interface EmbeddedCluster {
  readonly url: string;
  /** YAML, with the credential: all that a client needs. */
  readonly kubeconfig: string;
  /** Where its pods have their addresses. */
  readonly podNetwork: "process" | "netns";
  /** Why `auto` did not choose network namespaces. */
  readonly podNetworkBecause?: string;
  /** Ends every process, connection and file of the cluster. May be called more than once. */
  stop(): Promise<void>;
}

const DEFAULT_NODES = 3;
const DEFAULT_DATA_PATH_DELAY_MS = 100;

/**
 * A small Kubernetes in this process: a real API over HTTPS, real controllers, and pods that are real
 * processes, each with an address of its own:
 *
 *   127.b.0.1 API server · 127.b.0.2 DNS · 127.b.0.(10+i) kubelet i
 *   process  127.b.0.(10+i) node i · 127.b.i.* its pods · 127.b.250.* services
 *   netns    240.b.0.(10+i) node i · 240.b.i.* its pods · 240.b.250.* services · 240.b.0.1 this machine
 *
 * 240.0.0.0/4 is reserved: no network has such addresses, so a route to them hides nothing from the user.
 */
export async function startCluster(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const { podNetwork = "process" } = options;
  if (podNetwork === "process") return await startOn("process", options);
  try {
    return await startOn("netns", options);
  } catch (error) {
    if (podNetwork === "netns" || !(error instanceof NetnsUnavailableError)) throw error;
    return { ...(await startOn("process", options)), podNetworkBecause: error.message };
  }
}

async function startOn(
  podNetwork: "process" | "netns",
  options: EmbeddedClusterOptions,
): Promise<EmbeddedCluster> {
  const { signal } = options;
  signal?.throwIfAborted();
  const running = new RunningParts();
  try {
    const directory = await mkdtemp(join(tmpdir(), "lastcall-"));
    running.add(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
    const clusterSecret = randomBytes(24).toString("base64url");
    const { block, server } = await startInFreeBlock(clusterSecret, NETWORKS[podNetwork]);
    running.add(() => server.stop());
    const nodes = nodesOf(block, NETWORKS[podNetwork](block).prefix, options);
    const netns = podNetwork === "netns" ? await openNetwork(block, nodes, running) : undefined;
    const dnsAddress = `127.${block}.0.2`;
    const plan = { options, nodes, directory, clusterSecret, netns, dnsAddress };
    await startParts(server, plan, running);
    signal?.throwIfAborted();
    const { url, kubeconfig } = server;
    return { url, kubeconfig, podNetwork, stop: () => running.stop() };
  } catch (error) {
    // The start has failed, and that is what the caller has to hear of.
    await running.stop().catch(() => undefined);
    throw error;
  }
}

const NETWORKS = {
  process: (block: number) => ({ prefix: `127.${block}` }),
  netns: (block: number) => ({ prefix: `240.${block}`, advertiseAddress: `240.${block}.0.1` }),
} as const;

type Netns = Awaited<ReturnType<typeof openNetns>>;

async function openNetwork(
  block: number,
  nodes: readonly PlannedNode[],
  running: RunningParts,
): Promise<Netns> {
  const { prefix } = NETWORKS.netns(block);
  const nodeAddresses = nodes.map(({ address }) => address);
  const netns = await openNetns({ prefix, device: `lastcall${block}`, nodeAddresses });
  running.add(() => netns.stop());
  return netns;
}

interface ClusterPlan {
  readonly options: EmbeddedClusterOptions;
  readonly nodes: readonly PlannedNode[];
  readonly directory: string;
  readonly clusterSecret: string;
  readonly netns: Netns | undefined;
  /** Where the cluster's DNS listens if pods share this machine's network. */
  readonly dnsAddress: string;
}

interface PlannedNode {
  readonly name: string;
  readonly address: string;
  /** Where its kubelet listens. */
  readonly serverAddress: string;
  /** The first three bytes of its pods' addresses. */
  readonly podPrefix: string;
}

function nodesOf(
  block: number,
  prefix: string,
  { nodes = DEFAULT_NODES }: EmbeddedClusterOptions,
): readonly PlannedNode[] {
  return Array.from({ length: nodes }, (_, index) => ({
    name: `node-${index + 1}`,
    address: `${prefix}.0.${11 + index}`,
    serverAddress: `127.${block}.0.${11 + index}`,
    podPrefix: `${prefix}.${index + 1}`,
  }));
}

/** Stopped in the opposite order: nobody may replace the pods that the kubelets are ending. */
async function startParts(
  { client, clientAs, issueToken, url }: Omit<ApiServer, "kubeconfig" | "stop">,
  { options, nodes, directory, clusterSecret, netns, dnsAddress }: ClusterPlan,
  running: RunningParts,
): Promise<void> {
  const { images: mapped = [], dataPathDelayMs = DEFAULT_DATA_PATH_DELAY_MS } = options;
  const images = [...mapped, ...BUILT_IN_IMAGES];
  const kernel = netns && kernelNetwork(netns, nodes, url);
  const dns = await startDns(client, { address: netns?.hostAddress ?? dnsAddress });
  running.add(async () => dns?.stop());
  const network = await startNetwork({ client, nodes, dataPathDelayMs, ...kernel });
  running.add(() => network.stop());
  const { nodeMonitorGraceMs } = options;
  const heartbeatMs = nodeMonitorGraceMs && nodeMonitorGraceMs / 5;
  // One directory for all nodes: a claim that pods of several nodes mount must be one and the same.
  const common = {
    ...{ client: clientAs("kubelet"), images, directory, clusterSecret, netns, issueToken },
    ...{ dns: dns?.address, heartbeatMs },
  };
  await startMachines(nodes, common, running);
  const controllers = await startControllers({ client, nodeMonitorGraceMs });
  running.add(() => controllers.stop());
}

async function startMachines(
  nodes: readonly PlannedNode[],
  common: Omit<KubeletOptions, "node">,
  running: RunningParts,
): Promise<void> {
  const machines: Machine[] = [];
  running.add(async () => {
    await Promise.all(machines.map((machine) => machine.stop()));
  });
  const socket = join(common.directory, MACHINES);
  const canBeReached = canHoldSocket(socket);
  if (canBeReached) {
    const switches = await serveSwitches(socket, () => machines);
    running.add(() => switches.stop());
  }
  const starting = nodes.map(async (node) => {
    const providerID = canBeReached ? `lastcall://${socket}/${node.name}` : undefined;
    const boot = () => startKubelet({ ...common, node: { ...node, providerID } });
    machines.push(await Machine.start(node.name, boot));
  });
  // All have to settle, so that each one that did start is also stopped.
  const settled = await Promise.allSettled(starting);
  for (const result of settled) if (result.status === "rejected") throw result.reason;
}

/** The socket of the machines' switches, in the cluster's directory. */
const MACHINES = "machines.sock";

/** What the data path is told when the kernel carries it out. */
function kernelNetwork(netns: Netns, nodes: readonly PlannedNode[], apiServerUrl: string) {
  const { hostname, port } = new URL(apiServerUrl);
  const at = { address: netns.hostAddress, port: Number(port) };
  return {
    kernel: netns,
    nodes: nodes.map((node) => ({ ...node, podRange: `${node.podPrefix}.0/24` })),
    apiServer: { at, to: { ...at, address: hostname } },
  };
}

/** What has been started so far, and the one way to end it: last first, everything, once. */
class RunningParts {
  readonly #stops: (() => Promise<void>)[] = [];
  #stopped: Promise<void> | undefined;

  add(stop: () => Promise<void>): void {
    this.#stops.push(stop);
  }

  /** A part that cannot stop does not keep the others running; its error is told at the end. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const stop of this.#stops.toReversed()) {
      await stop().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw new AggregateError(errors, "Parts of the cluster did not stop.");
  }
}
