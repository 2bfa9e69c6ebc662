import { setTimeout as sleep } from "node:timers/promises";
import type { ApiConnection } from "#clusters/kubernetes/api-connection.ts";
import type { ApiNode } from "#clusters/kubernetes/api-objects.ts";
import { readObject } from "#clusters/kubernetes/read-objects.ts";
import { HarnessError } from "#domain/errors.ts";
import { nodeRef } from "#domain/object-ref.ts";
import type { ClusterMachines } from "#ports/cluster-machines.ts";
import { embeddedMachine } from "./embedded-machine.ts";
import { kindMachine } from "./kind-machine.ts";
import type { Machine } from "./machine.ts";

/**
 * Finds the machine of a node by what the node itself says of it, its `providerID`: so it does not matter by
 * which way the cluster was found, nor whether this process made it.
 */
export function clusterMachines(api: ApiConnection, description: string): ClusterMachines {
  const machineOf = async (node: string, signal: AbortSignal): Promise<Machine> => {
    const object = (await readObject(api, nodeRef(node), signal)) as ApiNode | undefined; // a Node
    if (object === undefined) throw unknownNode(node, description);
    const { providerID = "" } = object.spec ?? {};
    const { machineID = "", systemUUID = "" } = object.status?.nodeInfo ?? {};
    const identities = [machineID, systemUUID].filter((each) => each !== "");
    return machineOfProvider(providerID, identities) ?? refuse({ node, providerID, description });
  };
  return {
    reachMachine: async (node, signal) => (await machineOf(node, signal)).reach(signal),
    shutDownNode: async (node, signal) => (await machineOf(node, signal)).shutDown(signal),
    loseNode: async (node, signal) => (await machineOf(node, signal)).lose(signal),
    async turnOnNode(node, signal) {
      const answer = await (await machineOf(node, signal)).turnOn(signal);
      await awaitReady(api, node, signal);
      return answer;
    },
    killContainer: async ({ node, id }, signal) =>
      (await machineOf(node, signal)).killContainer(id, signal),
  };
}

/** A node of containers is Ready within half a minute; a busy machine takes longer. */
const READY_LIMIT_MS = 120_000;
const PAUSE_MS = 250;

async function awaitReady(api: ApiConnection, node: string, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(READY_LIMIT_MS);
  for (;;) {
    const object = (await readObject(api, nodeRef(node), signal)) as ApiNode | undefined; // a Node
    const { conditions = [] } = object?.status ?? {};
    if (conditions.find(({ type }) => type === "Ready")?.status === "True") return;
    if (late.aborted) {
      throw new HarnessError(
        "NODE_NOT_READY",
        `The machine of node ${node} is on, but the node was not Ready after ${READY_LIMIT_MS / 1000} s.`,
        {
          hint: `\`kubectl describe node ${node}\` says why; \`lastcall cleanup\` looks once more.`,
        },
      );
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

/** Undefined for a provider whose machines only its own interface could turn off. */
function machineOfProvider(providerID: string, identities: readonly string[]): Machine | undefined {
  const kind = /^kind:\/\/(docker|podman|nerdctl)\/([^/]+)\/([^/]+)$/.exec(providerID);
  if (kind !== null) {
    const [, engine = "", cluster = "", node = ""] = kind;
    return kindMachine({ engine, cluster, node, identities });
  }
  const embedded = /^lastcall:\/\/(\/.+)\/([^/]+)$/.exec(providerID);
  if (embedded === null) return undefined;
  const [, socket = "", node = ""] = embedded;
  return embeddedMachine(socket, node);
}

function refuse(found: {
  readonly node: string;
  readonly providerID: string;
  readonly description: string;
}): never {
  const { node, providerID, description } = found;
  const said =
    providerID === "" ? "it names no provider" : `its provider is ${JSON.stringify(providerID)}`;
  throw new HarnessError(
    "NO_MACHINE_ACCESS",
    `The machine of node ${node} of ${description} cannot be reached: ${said}, and the Kubernetes API turns no machine off or on and sends no signal from outside a container.`,
    {
      hint: "Machines of --cluster embedded and of kind clusters can be. Here, drain the node instead, or send SIGTERM.",
    },
  );
}

function unknownNode(node: string, description: string): HarnessError {
  return new HarnessError("NO_TARGET", `${description} has no node ${node}.`, {
    hint: "Was it removed while the run went on? `kubectl get nodes` lists what there is.",
  });
}
