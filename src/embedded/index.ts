import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiServer } from "#embedded/apiserver/start-api-server.ts";
import { startInFreeBlock } from "#embedded/apiserver/start-in-free-block.ts";
import { startControllers } from "#embedded/controllers/start-controllers.ts";
import { BUILT_IN_IMAGES } from "#embedded/images/built-in-images.ts";
import { startKubelet } from "#embedded/kubelet/start-kubelet.ts";
import { startNetwork } from "#embedded/network/start-network.ts";

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
  /** Ends the start; what had been started by then is stopped. */
  readonly signal?: AbortSignal;
}

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
  /** Ends every process, connection and file of the cluster. May be called more than once. */
  stop(): Promise<void>;
}

const DEFAULT_NODES = 3;
const DEFAULT_DATA_PATH_DELAY_MS = 100;

/**
 * A small Kubernetes in this process: a real API over HTTPS, real controllers, and pods that are real
 * processes, each with its own loopback address in `127.<block>.0.0/16`:
 *
 *   127.b.0.1 API server · 127.b.0.(10+i) node i · 127.b.i.* its pods · 127.b.250.* services
 */
export async function startCluster(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const { signal } = options;
  signal?.throwIfAborted();
  const running = new RunningParts();
  try {
    const directory = await mkdtemp(join(tmpdir(), "lastcall-"));
    running.add(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
    const clusterSecret = randomBytes(24).toString("base64url");
    const { block, server } = await startInFreeBlock(clusterSecret);
    running.add(() => server.stop());
    const plan = { options, nodes: nodesOf(block, options), directory, clusterSecret };
    await startParts(server, plan, running);
    signal?.throwIfAborted();
    const { url, kubeconfig } = server;
    return { url, kubeconfig, stop: () => running.stop() };
  } catch (error) {
    // The start has failed, and that is what the caller has to hear of.
    await running.stop().catch(() => undefined);
    throw error;
  }
}

interface ClusterPlan {
  readonly options: EmbeddedClusterOptions;
  readonly nodes: readonly PlannedNode[];
  readonly directory: string;
  readonly clusterSecret: string;
}

interface PlannedNode {
  readonly name: string;
  readonly address: string;
  /** The first three bytes of its pods' addresses. */
  readonly podPrefix: string;
}

function nodesOf(
  block: number,
  { nodes = DEFAULT_NODES }: EmbeddedClusterOptions,
): readonly PlannedNode[] {
  return Array.from({ length: nodes }, (_, index) => ({
    name: `node-${index + 1}`,
    address: `127.${block}.0.${11 + index}`,
    podPrefix: `127.${block}.${index + 1}`,
  }));
}

/** Stopped in the opposite order: nobody may replace the pods that the kubelets are ending. */
async function startParts(
  { client, clientAs }: Pick<ApiServer, "client" | "clientAs">,
  { options, nodes, directory, clusterSecret }: ClusterPlan,
  running: RunningParts,
): Promise<void> {
  const { images: mapped = [], dataPathDelayMs = DEFAULT_DATA_PATH_DELAY_MS } = options;
  const images = [...mapped, ...BUILT_IN_IMAGES];
  const network = await startNetwork({ client, nodes, dataPathDelayMs });
  running.add(() => network.stop());
  const kubeletClient = clientAs("kubelet");
  const kubelets: { stop(): Promise<void> }[] = [];
  running.add(async () => {
    await Promise.all(kubelets.map((kubelet) => kubelet.stop()));
  });
  const starting = nodes.map(async (node) => {
    // One directory for all nodes: a claim that pods of several nodes mount must be one and the same.
    const kubelet = { client: kubeletClient, node, images, directory, clusterSecret };
    kubelets.push(await startKubelet(kubelet));
  });
  // All have to settle, so that each one that did start is also stopped.
  const settled = await Promise.allSettled(starting);
  for (const result of settled) if (result.status === "rejected") throw result.reason;
  const controllers = await startControllers({ client });
  running.add(() => controllers.stop());
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
