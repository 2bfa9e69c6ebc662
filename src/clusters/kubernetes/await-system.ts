import { HarnessError } from "#domain/errors.ts";
import type { Clock } from "#ports/clock.ts";
import { ApiConnection } from "./api-connection.ts";
import type { ApiNode, ApiWorkload } from "./api-objects.ts";
import { type KubeconfigSource, loadKubeConfig } from "./load-kubeconfig.ts";
import { ResourceWatch } from "./resource-watch.ts";

/** What to wait for, and how long. */
export interface SystemWait {
  /** The namespaces whose Deployments and DaemonSets the cluster needs to run anything else. */
  readonly namespaces: readonly string[];
  readonly deadlineMs: number;
  readonly clock: Clock;
  /** Told what is still missing, each time that it changes. */
  tell(line: string): void;
}

type SystemWorkload = ApiWorkload & { readonly kind: "Deployment" | "DaemonSet" };

/**
 * Waits until all nodes are Ready and everything in the system's namespaces runs: before that, pods have no
 * network and names no DNS. The error names what was still missing.
 */
export async function awaitSystem(
  source: KubeconfigSource,
  wait: SystemWait,
  signal: AbortSignal,
): Promise<void> {
  const api = new ApiConnection(await loadKubeConfig(source));
  const over = new AbortController();
  const late = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  wait.clock.sleep(wait.deadlineMs, stop).then(
    () => late.abort(),
    () => undefined, // the wait ended in time
  );
  try {
    const system = new System(api, wait);
    const following = system.follow(AbortSignal.any([stop, late.signal]));
    await Promise.race([system.complete, following]);
    over.abort();
    await following;
    signal.throwIfAborted();
    const missing = system.missing();
    if (missing.length > 0) throw notReady(missing, wait.deadlineMs);
  } finally {
    over.abort();
    api.close();
  }
}

/** The nodes and system workloads as they are seen now. */
class System {
  readonly #wait: SystemWait;
  readonly #nodes = new Map<string, ApiNode>();
  readonly #workloads = new Map<string, SystemWorkload>();
  readonly #watches: readonly ResourceWatch<ApiNode | SystemWorkload>[];
  readonly #complete = Promise.withResolvers<void>();
  #listed = false;
  #told = "";

  constructor(api: ApiConnection, wait: SystemWait) {
    this.#wait = wait;
    const { clock } = wait;
    const watch = <T extends ApiNode | SystemWorkload>(
      resource: string,
      path: string,
      seen: (object: T) => void,
      gone: (object: T) => void,
    ) =>
      new ResourceWatch<T>(
        { resource, path, query: {} },
        {
          changed: (change, object) => {
            if (change === "deleted") gone(object);
            else seen(object);
            this.#look();
          },
          gap: () => undefined, // what was missed is listed again
        },
        { api, clock },
      );
    const workloads = (kind: SystemWorkload["kind"], plural: string) =>
      watch<SystemWorkload>(
        plural,
        `/apis/apps/v1/${plural}`,
        (object) => this.#workloads.set(object.metadata.uid, { ...object, kind }),
        (object) => this.#workloads.delete(object.metadata.uid),
      );
    this.#watches = [
      watch<ApiNode>(
        "nodes",
        "/api/v1/nodes",
        (node) => this.#nodes.set(node.metadata.uid, node),
        (node) => this.#nodes.delete(node.metadata.uid),
      ),
      workloads("Deployment", "deployments"),
      workloads("DaemonSet", "daemonsets"),
    ];
  }

  /** Fulfilled when nothing is missing. */
  get complete(): Promise<void> {
    return this.#complete.promise;
  }

  async follow(signal: AbortSignal): Promise<void> {
    for (const watch of this.#watches) await watch.list(signal);
    this.#listed = true;
    this.#look();
    await Promise.all(this.#watches.map((watch) => watch.follow(signal)));
  }

  /** What is not there yet, in words. */
  missing(): readonly string[] {
    const nodes = [...this.#nodes.values()].flatMap(describeNode);
    const workloads = [...this.#workloads.values()].filter(({ metadata }) =>
      this.#wait.namespaces.includes(metadata.namespace ?? ""),
    );
    if (this.#nodes.size === 0) return ["a node"];
    return [...nodes, ...workloads.flatMap(describeWorkload)];
  }

  #look(): void {
    if (!this.#listed) return;
    const missing = this.missing();
    if (missing.length === 0) {
      this.#complete.resolve();
      return;
    }
    const text = `Waiting for ${missing.join(", ")}.`;
    if (text !== this.#told) this.#wait.tell(text);
    this.#told = text;
  }
}

function describeNode({ metadata, status }: ApiNode): readonly string[] {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return [];
  const why = ready?.reason === undefined ? "" : ` (${ready.reason})`;
  return [`node ${metadata.name}${why}`];
}

function describeWorkload({ kind, metadata, spec, status }: SystemWorkload): readonly string[] {
  const wanted =
    kind === "Deployment" ? (spec.replicas ?? 1) : (status?.desiredNumberScheduled ?? 0);
  const ready = (kind === "Deployment" ? status?.availableReplicas : status?.numberAvailable) ?? 0;
  const seen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return seen && ready >= wanted ? [] : [`${metadata.name} (${ready} of ${wanted} pods)`];
}

function notReady(missing: readonly string[], deadlineMs: number): HarnessError {
  return new HarnessError(
    "CLUSTER_NOT_READY",
    `The cluster was not ready within ${deadlineMs / 1000} s; still missing: ${missing.join(", ")}.`,
    {
      hint: "`kubectl get nodes,pods -A -o wide` shows how far it has come. A node without a network plugin (disableDefaultCNI) never gets Ready by itself; too little memory or CPU makes everything slow.",
    },
  );
}
