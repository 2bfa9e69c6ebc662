import { setTimeout as sleep } from "node:timers/promises";
import { HarnessError } from "#domain/errors.ts";
import type { ServiceAddress } from "#ports/cluster.ts";
import type { ApiConnection } from "./api-connection.ts";
import { refusal } from "./api-errors.ts";
import type { ApiService, ApiServicePort } from "./api-objects.ts";
import { coreCollection, describeObject } from "./api-paths.ts";
import { choosePort } from "./choose-port.ts";
import { canBeExposed, exposeOnNodes } from "./expose-on-nodes.ts";
import { insideAddress } from "./inside-address.ts";
import { type OpenWay, probeWays } from "./probe-ways.ts";
import { type KnownNodes, readNodes } from "./read-nodes.ts";
import {
  authorityOf,
  entranceThatStays,
  isLoopback,
  nodeWays,
  type ServiceWay,
  schemeOf,
  serviceWays,
} from "./service-ways.ts";

interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
  readonly port?: number;
  readonly from?: "inside";
  readonly fewEntrances?: boolean;
}

/** What is given by whoever owns the conversation with the cluster. */
interface Locating {
  /** Cluster IPs lead to the Service from here: we are a pod, or on the cluster's own machine. */
  readonly reachesClusterIPs: boolean;
  tell(line: string): void;
  /** Told how to take away what was put into the cluster, before it is put there. */
  onUndo(remove: () => Promise<void>): void;
}

/** A data path that has not learned its endpoints yet refuses; no event tells when it has. */
const PATIENCE_MS = 6_000;
const PAUSE_MS = 250;

/** A cloud makes a load balancer, its name and its first health check in a few minutes. */
const BALANCER_PATIENCE_MS = 300_000;
const BALANCER_PAUSE_MS = 2_000;

/**
 * Where the Service takes a connection from here: a load balancer, a NodePort on all nodes, the cluster IP
 * where that means something. On kind's nodes a Service without any of these gets a NodePort beside it.
 * Never a port-forward: it is pinned to one pod, chosen once, and dies with it, so the data path under
 * test would not be part of the test.
 */
export async function locateService(
  api: ApiConnection,
  ref: ServiceRef,
  { signal, ...locating }: Locating & { readonly signal: AbortSignal },
): Promise<ServiceAddress> {
  const name = `${ref.namespace}/${ref.name}`;
  const service = await readService(api, ref, signal);
  const port = choosePort(service, { name, wanted: ref.port });
  if (ref.from === "inside") return insideAddress(service, { name, port });
  const known = await readNodes(api, { ...ref, service }, signal);
  const nodes = ref.fewEntrances
    ? { ...known, addresses: entranceThatStays(known.addresses) }
    : known;
  const around = { port, nodes: nodes.addresses, reachesClusterIPs: locating.reachesClusterIPs };
  const ways = serviceWays(service, around);
  const remarks = [...nodes.remarks, ...localRemark(service, port)];

  const first = await probeWays(ways, signal);
  if (first.open?.complete) return addressOf(first.open, port);
  if (nodes.areKind && !ways.some(({ via }) => via !== "ClusterIP") && canBeExposed(service)) {
    return await besideTheService(api, { service, port, nodes }, { ...locating, signal });
  }
  const probed = await probePatiently(ways, PATIENCE_MS, signal);
  if (probed.open !== undefined) return addressOf(probed.open, port);
  // On this machine itself, an ordinary user's cluster cannot listen on a port below 1024.
  if (isLoopback(service.spec.clusterIP ?? "") && canBeExposed(service)) {
    return await besideTheService(api, { service, port, nodes }, { ...locating, signal });
  }
  if (service.spec.type === "LoadBalancer") {
    locating.tell(`Waiting for the load balancer of Service ${name} to get an address and answer.`);
    const balanced = await awaitBalancer(api, { ref, around }, signal);
    if (balanced !== undefined) return addressOf(balanced, port);
    remarks.push("load balancer (has no address that answers)");
  }
  throw unreachable(name, service, [...remarks, ...probed.failures]);
}

interface Exposing {
  readonly service: ApiService;
  readonly port: ApiServicePort;
  readonly nodes: KnownNodes;
}

async function besideTheService(
  api: ApiConnection,
  { service, port, nodes }: Exposing,
  { signal, tell, onUndo }: Locating & { readonly signal: AbortSignal },
): Promise<ServiceAddress> {
  const made = await exposeOnNodes(api, { service, port }, { onUndo, signal });
  tell(
    `Service ${service.metadata.name} cannot be reached as it is, so ${made.name} with port ${made.nodePort} was put beside it; it is removed in the end.`,
  );
  const ways = nodeWays(made.nodePort, nodes.addresses);
  const { open, failures } = await probePatiently(ways, PATIENCE_MS, signal);
  if (open === undefined) {
    const { namespace = "default", name } = service.metadata;
    throw unreachable(`${namespace}/${name}`, service, [...nodes.remarks, ...failures]);
  }
  return addressOf({ ...open, via: `NodePort of ${made.name}` }, port);
}

/** Until all is open that could be; what is only partly open is taken in the end. */
async function probePatiently(
  ways: readonly ServiceWay[],
  patienceMs: number,
  signal: AbortSignal,
): ReturnType<typeof probeWays> {
  const late = AbortSignal.timeout(patienceMs);
  for (;;) {
    const probed = await probeWays(ways, signal);
    if (probed.open?.complete || late.aborted || ways.length === 0) return probed;
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

async function awaitBalancer(
  api: ApiConnection,
  { ref, around }: { readonly ref: ServiceRef; readonly around: Parameters<typeof serviceWays>[1] },
  signal: AbortSignal,
): Promise<OpenWay | undefined> {
  const late = AbortSignal.timeout(BALANCER_PATIENCE_MS);
  while (!late.aborted) {
    const ways = serviceWays(await readService(api, ref, signal), around);
    const balancers = ways.filter(({ via }) => via === "load balancer");
    const { open } = await probeWays(balancers, signal);
    if (open !== undefined) return open;
    await sleep(BALANCER_PAUSE_MS, undefined, { signal });
  }
  return undefined;
}

/** `via` names no port: a NodePort is another one each time, and reports of two runs are compared. */
function addressOf({ via, hosts, port: number }: OpenWay, port: ApiServicePort): ServiceAddress {
  const [host = ""] = hosts;
  const where = hosts.length === 1 ? "" : ` on ${hosts.length} nodes`;
  return {
    url: `${schemeOf(port)}://${authorityOf(host, number)}`,
    hosts,
    via: `${via}${where}`,
  };
}

function localRemark({ spec }: ApiService, { nodePort }: ApiServicePort): readonly string[] {
  return nodePort !== undefined && spec.externalTrafficPolicy === "Local"
    ? [
        `NodePort ${nodePort} (not used: with externalTrafficPolicy Local a node that loses its last pod drops what comes)`,
      ]
    : [];
}

function unreachable(name: string, { spec }: ApiService, tried: readonly string[]): HarnessError {
  const all = tried.length === 0 ? "it has no address that means anything here" : tried.join(", ");
  return new HarnessError(
    "SERVICE_UNREACHABLE",
    `Could not reach Service ${name} (type ${spec.type ?? "ClusterIP"}) from here; tried: ${all}.`,
    {
      hint: "Set `url:` in the scenario to where the Service answers (an ingress, a load balancer), make it a NodePort Service on nodes that this machine can reach, or let the load run inside the cluster (--load-from inside). A port-forward is never used: it is pinned to one pod and would hide what is measured.",
    },
  );
}

async function readService(
  api: ApiConnection,
  { namespace, name }: ServiceRef,
  signal: AbortSignal,
): Promise<ApiService> {
  const attempt = `find ${describeObject("Service", namespace, name)}`;
  const path = `${coreCollection(namespace, "services")}/${encodeURIComponent(name)}`;
  const answer = await api.request({ attempt, method: "GET", path }, signal);
  if (answer.status === 404) {
    throw new HarnessError("SERVICE_NOT_FOUND", `There is no Service ${namespace}/${name}.`, {
      hint: `Correct \`service\` in the scenario, or add the Service to its objects; \`kubectl get services -n ${namespace}\` lists what there is.`,
    });
  }
  if (answer.status !== 200) throw refusal(attempt, answer);
  return answer.body as ApiService; // the path says which kind it is
}
