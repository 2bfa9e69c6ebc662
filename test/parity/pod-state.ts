import type { Roles } from "./roles.ts";
import type { EntryType, TraceObject } from "./trace.ts";

/** One state of a pod, facet by facet: what a client can tell apart, without names, addresses and instants. */
export type PodState = ReadonlyMap<string, string>;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly running?: unknown;
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly signal?: number;
    readonly reason?: string;
    readonly message?: string;
  };
}

interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly podIP?: string;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

/** Whether the change deletes the object is part of the state: a pod that goes on existing is another one. */
export function podState(type: EntryType, pod: TraceObject, roles: Roles): PodState {
  const status = (pod.status ?? {}) as PodStatus; // the API server serves what its kind defines
  const { metadata } = pod;
  const state = new Map<string, string>([
    ["exists", type === "DELETED" ? "no" : "yes"],
    ["node", pod.spec?.["nodeName"] === undefined ? "none" : "assigned"],
    ["generation", String(metadata.generation)],
    ["deletion", describeDeletion(pod)],
    ["finalizers", (metadata.finalizers ?? []).join(",")],
    ["phase", said(status.phase, status.reason, status.message)],
    ["address", status.podIP === undefined ? "none" : "given"],
    [`${OBSERVED}of the status`, String(status.observedGeneration)],
  ]);
  for (const {
    type: name,
    status: value,
    reason,
    message,
    observedGeneration,
  } of status.conditions ?? []) {
    state.set(name, said(value, reason, message && roles.withoutChance(message)));
    state.set(`${OBSERVED}of ${name}`, String(observedGeneration));
  }
  for (const container of [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ]) {
    state.set(`container ${container.name}`, roles.withoutChance(describeContainer(container)));
  }
  return state;
}

/** What a person reads of a state: everything, or only what differs from another. */
export function describePodState(state: PodState, apartFrom?: PodState): string {
  const shown = [...state].filter(([facet, value]) => apartFrom?.get(facet) !== value);
  const missing = [...(apartFrom?.keys() ?? [])].filter((facet) => !state.has(facet));
  return [
    ...shown.map(([facet, value]) => `${facet}=${value || "none"}`),
    ...missing.map((facet) => `no ${facet}`),
  ].join("; ");
}

/** Two states that no client can tell apart. */
export function isSamePodState(one: PodState, other: PodState): boolean {
  return one.size === other.size && [...one].every(([facet, value]) => other.get(facet) === value);
}

/** What the kubelet's status manager may leave out, because it sends the latest status and not each. */
export type Omission = "the generation observed" | "the first report of a starting pod";

/**
 * The kinds of state that a recording of a real cluster sometimes lacks: the kubelet's status manager
 * sends what is true when it comes to it, and so passes over a state that was followed at once.
 */
export function omissionAt(states: readonly PodState[], index: number): Omission | undefined {
  const [before, state, after] = [states[index - 1], states[index], states[index + 1]];
  if (before === undefined || state === undefined || after === undefined) return undefined;
  if (changes(before, state).every((facet) => facet.startsWith(OBSERVED))) {
    return "the generation observed";
  }
  const onlySandboxAfter = changes(state, after).every(
    (facet) => facet === "PodReadyToStartContainers",
  );
  return onlySandboxAfter && state.get("PodReadyToStartContainers") === "False"
    ? "the first report of a starting pod"
    : undefined;
}

const OBSERVED = "observedGeneration ";

function changes(from: PodState, to: PodState): readonly string[] {
  return [...new Set([...from.keys(), ...to.keys()])].filter(
    (facet) => from.get(facet) !== to.get(facet),
  );
}

function describeDeletion({ metadata }: TraceObject): string {
  return metadata.deletionTimestamp === undefined
    ? "none"
    : `requested with ${metadata.deletionGracePeriodSeconds} s`;
}

function describeContainer(container: ContainerStatus): string {
  const { ready, started, restartCount, state, lastState } = container;
  const words = [describeState(state), ready ? "ready" : "not ready"];
  if (started === true) words.push("started");
  if (restartCount > 0) words.push(`restarted ${restartCount} times`);
  const last = describeState(lastState);
  if (last !== "no state") words.push(`before: ${last}`);
  return words.join(", ");
}

function describeState(state: ContainerState | undefined): string {
  if (state?.running !== undefined) return "running";
  if (state?.waiting !== undefined)
    return said("waiting", state.waiting.reason, state.waiting.message);
  if (state?.terminated === undefined) return "no state";
  const { exitCode, signal, reason, message } = state.terminated;
  const code = signal === undefined ? `${exitCode}` : `${exitCode}, signal ${signal}`;
  return said(`terminated with ${code}`, reason, message);
}

function said(value: string | undefined, ...words: readonly (string | undefined)[]): string {
  return [value, ...words.filter((word) => word !== undefined && word !== "")].join(" ");
}
