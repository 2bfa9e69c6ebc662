import { randomBytes } from "node:crypto";
import { awaitSystem } from "#clusters/kubernetes/await-system.ts";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { HarnessError } from "#domain/errors.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import { createKindCluster } from "./create-kind-cluster.ts";
import { deleteKindCluster } from "./delete-kind-cluster.ts";
import { findPrograms } from "./find-programs.ts";
import { kindClusters, kindNodes } from "./kind-nodes.ts";
import type { KindTools } from "./kind-tools.ts";
import { provideImages } from "./provide-images.ts";
import { runProgram } from "./run-program.ts";

/** Which kind cluster is wanted. */
export interface KindWish {
  /** Absent: a new one of our own, which is deleted in the end. */
  readonly reuse?: string;
  /** Of a new one. */
  readonly nodes: number;
  readonly config?: string;
  readonly image?: string;
  /** A new one is left as it is, and said how to reach. */
  readonly keep: boolean;
}

type Tell = KindTools["tell"];

/** Coming up takes half a minute; a machine with two cores under load has been seen to take three. */
const SYSTEM_DEADLINE_MS = 300_000;

/** Where kind puts what a cluster needs: DNS, network and proxy, and the provisioner of its volumes. */
const SYSTEM_NAMESPACES = ["kube-system", "local-path-storage"];

/** Names of our own begin so, and whoever finds one after a kill knows whose it is. */
const NAME_PREFIX = "lastcall-";

interface ReadyCluster {
  readonly name: string;
  readonly kubeconfig: string;
  readonly tools: Pick<KindTools, "engine">;
  readonly nodes: number;
}

/**
 * Supplies a kind cluster, created or reused, to as many runs as ask for it: creating one takes a minute.
 * The scenario's images are on its nodes when a run gets it.
 */
export function kindSupply(wish: KindWish, clock: Clock) {
  let ready: ReadyCluster | undefined;
  let created: Pick<ReadyCluster, "name" | "tools"> | undefined;
  return {
    async open(
      scenario: Scenario,
      { tell, signal }: { readonly tell: Tell; readonly signal: AbortSignal },
    ): Promise<Cluster> {
      if (ready === undefined) {
        const tools = { engine: await findPrograms(signal) };
        const source = await sourceOf(wish, { ...tools, tell }, signal);
        if (wish.reuse === undefined) created = { ...source, tools };
        const wait = { namespaces: SYSTEM_NAMESPACES, deadlineMs: SYSTEM_DEADLINE_MS, clock, tell };
        await awaitSystem(source, wait, signal);
        const nodes = await kindNodes(source.name, tools, signal);
        ready = { ...source, tools, nodes: nodes.length };
      }
      const { name, kubeconfig, tools, nodes } = ready;
      await provideImages(scenario, { name, ...tools, tell }, signal);
      const size = nodes === 1 ? "1 node" : `${nodes} nodes`;
      // A random name would make each night's cluster differ from the last one's.
      const description = wish.reuse === undefined ? `kind (${size})` : `kind ${name} (${size})`;
      const cluster = await connectCluster({ kubeconfig, description, tell }, signal);
      return { ...cluster, foundAs: `kind:${name}` };
    },
    async close(tell: Tell): Promise<void> {
      if (created === undefined) return;
      const { name, tools } = created;
      created = undefined;
      ready = undefined;
      if (wish.keep) return tell(describeKept(name));
      tell(`Deleting the kind cluster ${name}.`);
      await deleteKindCluster(name, { ...tools, tell });
    },
  };
}

async function sourceOf(
  { reuse, ...wish }: KindWish,
  tools: KindTools,
  signal: AbortSignal,
): Promise<Pick<ReadyCluster, "name" | "kubeconfig">> {
  if (reuse !== undefined) {
    return { name: reuse, kubeconfig: await kubeconfigOf(reuse, tools, signal) };
  }
  const name = `${NAME_PREFIX}${randomBytes(3).toString("hex")}`;
  const left = (await kindClusters(tools, signal)).filter((one) => one.startsWith(NAME_PREFIX));
  if (left.length > 0) {
    tools.tell(
      `There are kind clusters of other runs, going on, kept or killed: ${left.join(", ")}. \`kind delete cluster --name NAME\` removes one.`,
    );
  }
  tools.tell(`Creating the kind cluster ${name}; this takes a minute, the first time several.`);
  return { name, kubeconfig: await createKindCluster({ name, ...wish }, tools, signal) };
}

async function kubeconfigOf(name: string, tools: KindTools, signal: AbortSignal): Promise<string> {
  const known = await kindClusters(tools, signal);
  if (!known.includes(name)) {
    throw new HarnessError("KIND_CLUSTER_UNKNOWN", `There is no kind cluster "${name}".`, {
      hint:
        known.length === 0
          ? "kind has none at all here; --cluster kind creates one. A cluster belongs to the engine that made it: KIND_EXPERIMENTAL_PROVIDER chooses another one."
          : `kind has: ${known.join(", ")}. --cluster kind creates a new one.`,
    });
  }
  const call = { args: ["get", "kubeconfig", "--name", name], env: tools.engine.env };
  const attempt = `get the kubeconfig of the kind cluster ${name}`;
  return await runProgram({ file: "kind", ...call, attempt }, signal);
}

function describeKept(name: string): string {
  return [
    `The kind cluster ${name} is kept.`,
    `  kubectl:  kind export kubeconfig --name ${name}, then kubectl --context kind-${name} get pods`,
    `  again:    lastcall run --cluster kind:${name}`,
    `  remove:   kind delete cluster --name ${name}`,
  ].join("\n");
}
