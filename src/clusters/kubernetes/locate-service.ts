import { isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { HarnessError } from "#domain/errors.ts";
import type { ApiConnection } from "./api-connection.ts";
import { refusal } from "./api-errors.ts";
import type { ApiList, ApiNode, ApiService } from "./api-objects.ts";
import { coreCollection, describeObject } from "./api-paths.ts";
import { choosePort, type ServiceAddress, serviceAddresses } from "./service-addresses.ts";
import { probeTcp } from "./tcp-probe.ts";

interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
  readonly port?: number;
}

const PROBE_LIMIT_MS = 1_000;

/** A data path that has not learned its endpoints yet refuses; no event tells when it has. */
const ROUNDS = 20;
const ROUND_PAUSE_MS = 250;

/**
 * The first address at which the Service takes a connection from here: load balancer, NodePort, cluster IP.
 * Never a port-forward: it is pinned to one pod, chosen once, and dies with it, so the data path under
 * test would not be part of the test.
 */
export async function locateService(
  api: ApiConnection,
  service: ServiceRef,
  signal: AbortSignal,
): Promise<string> {
  const name = `${service.namespace}/${service.name}`;
  const found = await readService(api, service, signal);
  const port = choosePort(found, { name, wanted: service.port });
  const { nodes, remark } = await readNodes(api, signal);
  const ranks = serviceAddresses(found, { port, nodes });
  let failures: readonly string[] = [];
  for (let round = 1; round <= ROUNDS && ranks.length > 0; round += 1) {
    if (round > 1) await sleep(ROUND_PAUSE_MS, undefined, { signal });
    const probed = await probeRanks(ranks, signal);
    if (probed.open !== undefined) return `http://${formatAddress(probed.open)}`;
    failures = probed.failures;
  }
  if (remark !== undefined) failures = [remark, ...failures];
  const type = found.spec.type ?? "ClusterIP";
  const tried = failures.length === 0 ? "it has no address at all" : failures.join(", ");
  throw new HarnessError(
    "SERVICE_UNREACHABLE",
    `Could not reach Service ${name} (type ${type}) from here; tried: ${tried}.`,
    {
      hint: "Set `url:` in the scenario to where the Service answers (an ingress, a load balancer), or make it a NodePort Service on nodes that this machine can reach. A port-forward is never used: it is pinned to one pod and would hide what is measured.",
    },
  );
}

async function probeRanks(
  ranks: readonly (readonly ServiceAddress[])[],
  signal: AbortSignal,
): Promise<{ readonly open?: ServiceAddress; readonly failures: readonly string[] }> {
  const failures: string[] = [];
  for (const rank of ranks) {
    const answers = await Promise.all(
      rank.map((address) => probeTcp({ ...address, timeoutMs: PROBE_LIMIT_MS }, signal)),
    );
    const open = rank[answers.indexOf("open")];
    if (open !== undefined) return { open, failures };
    failures.push(
      ...rank.map((address, i) => `${address.via} ${formatAddress(address)} (${answers[i]})`),
    );
  }
  return { failures };
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

/** Nodes are cluster-wide, so many users may not read them: then NodePorts cannot be tried. */
async function readNodes(
  api: ApiConnection,
  signal: AbortSignal,
): Promise<{ readonly nodes: readonly ApiNode[]; readonly remark?: string }> {
  const call = { attempt: "list nodes", method: "GET", path: "/api/v1/nodes" } as const;
  const answer = await api.request(call, signal);
  if (answer.status === 403) return { nodes: [], remark: "NodePorts (may not list nodes)" };
  if (answer.status !== 200) throw refusal("list nodes", answer);
  return { nodes: (answer.body as ApiList<ApiNode>).items ?? [] }; // the path says which kind it is
}

function formatAddress({ host, port }: ServiceAddress): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
