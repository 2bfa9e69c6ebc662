import { arch, availableParallelism, release, totalmem } from "node:os";
import type { Condition, Node } from "#embedded/api/objects.ts";
import { timestamp } from "./timestamp.ts";

/** The Kubernetes whose behaviour this node shows. */
const KUBELET_VERSION = "v1.36.2";

/** Reason and message of the node's conditions while all is well. */
const HEALTHY = [
  [
    "MemoryPressure",
    "False",
    "KubeletHasSufficientMemory",
    "kubelet has sufficient memory available",
  ],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
  ["Ready", "True", "KubeletReady", "kubelet is posting ready status"],
] as const;

export interface NodeFacts {
  readonly name: string;
  readonly address: string;
  /** Where the API server reaches the kubelet; pods of namespaces of their own have other addresses than we. */
  readonly serverAddress: string;
  readonly port: number;
  /** Its pods' addresses: `127.7.1.0/24`. */
  readonly podRange: string;
  readonly capacity: Readonly<Record<string, string>>;
  readonly runtime: string;
  readonly heartbeatMs: number;
  /** What its machine is called by whoever can turn it on and off. */
  readonly providerID?: string | undefined;
  /** Set while the node shuts down: it is not ready any more. */
  readonly notReadyBecause?: string;
}

/** What this machine offers to its pods. Nothing is reserved or enforced. */
export function machineCapacity(): Readonly<Record<string, string>> {
  return {
    cpu: String(availableParallelism()),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    "ephemeral-storage": "100Gi",
    pods: "110",
  };
}

/** Those that a kubelet gives its own node. */
export function nodeLabels(name: string): Record<string, string> {
  const architecture = arch() === "x64" ? "amd64" : arch();
  return {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": architecture,
    "beta.kubernetes.io/os": "linux",
    "beta.kubernetes.io/arch": architecture,
  };
}

/** The status that the node reports; a condition that keeps its status keeps its transition time. */
export function nodeStatus(
  facts: NodeFacts,
  stored: Node["status"],
  nowMs: number,
): Node["status"] {
  const { name, address, serverAddress, port, capacity, runtime } = facts;
  return {
    ...stored,
    addresses: [
      { type: "InternalIP", address },
      { type: "Hostname", address: name },
      ...(serverAddress === address ? [] : [{ type: "InternalDNS", address: serverAddress }]),
    ],
    capacity: { ...capacity },
    allocatable: { ...capacity },
    conditions: conditions(facts, stored.conditions ?? [], nowMs),
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
    nodeInfo: {
      machineID: name,
      systemUUID: name,
      bootID: name,
      kernelVersion: release(),
      osImage: "embedded",
      containerRuntimeVersion: `process://${runtime}`,
      kubeletVersion: KUBELET_VERSION,
      kubeProxyVersion: KUBELET_VERSION,
      operatingSystem: "linux",
      architecture: arch() === "x64" ? "amd64" : arch(),
    },
  };
}

/** The node's conditions, after those that others have set. */
function conditions(
  { notReadyBecause }: NodeFacts,
  stored: readonly Condition[],
  nowMs: number,
): Condition[] {
  const now = timestamp(nowMs);
  const own = HEALTHY.map(([type, healthy, reason, message]): Condition => {
    const shutsDown = type === "Ready" && notReadyBecause !== undefined;
    const status = shutsDown ? "False" : healthy;
    const before = stored.find((condition) => condition.type === type);
    return {
      ...{ type, status },
      lastHeartbeatTime: now,
      lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? now) : now,
      ...(shutsDown
        ? { reason: "KubeletNotReady", message: notReadyBecause }
        : { reason, message }),
    } as Condition; // lastHeartbeatTime exists on nodes only
  });
  const types = new Set(own.map(({ type }) => type));
  return [...stored.filter(({ type }) => !types.has(type)), ...own];
}
