import { describeEndpoint, endpointTracks } from "./endpoint-track.ts";
import { type Occurrence, occurrencesBySubject, podSubject } from "./events.ts";
import { isSamePodState, type Omission, omissionAt, type PodState, podState } from "./pod-state.ts";
import type { Roles } from "./roles.ts";
import type { Timed } from "./timed.ts";
import { entriesOf, type Trace } from "./trace.ts";

/** All that a trace tells about one pod, each kind in its own order: across kinds the order is chance. */
export interface PodStory {
  readonly role: string;
  readonly name: string;
  /** Its distinct states without those that a kubelet may leave out. */
  readonly states: readonly Timed<PodState>[];
  readonly omissible: readonly Omission[];
  readonly occurrences: readonly Occurrence[];
  /** Its endpoint in the EndpointSlices, by Service: absent, or its conditions. */
  readonly endpoints: ReadonlyMap<string, readonly string[]>;
  /** The same of the older Endpoints. */
  readonly legacyEndpoints: ReadonlyMap<string, readonly string[]>;
}

/** The stories of all pods that a trace shows, in the order of their first appearance. */
export function podStories(trace: Trace, roles: Roles): readonly PodStory[] {
  const occurrences = occurrencesBySubject(trace, roles);
  const endpoints = endpointTracks(trace, "endpointslices", describeEndpoint);
  const legacy = endpointTracks(trace, "endpoints", ({ ready }) => (ready ? "ready" : "not ready"));
  return [...podStates(trace, roles)].map(([uid, { role, name, states }]) => {
    const values = states.map(({ value }) => value);
    const omissions = values.map((_, index) => omissionAt(values, index));
    return {
      role,
      name,
      states: states.filter((_, index) => omissions[index] === undefined),
      omissible: omissions.filter((omission) => omission !== undefined),
      occurrences: occurrences.get(podSubject(uid)) ?? [],
      endpoints: endpoints.get(uid) ?? new Map(),
      legacyEndpoints: legacy.get(uid) ?? new Map(),
    };
  });
}

interface NamedStates {
  readonly role: string;
  readonly name: string;
  readonly states: Timed<PodState>[];
}

function podStates(trace: Trace, roles: Roles): ReadonlyMap<string, NamedStates> {
  const pods = new Map<string, NamedStates>();
  for (const { t, type, object } of entriesOf(trace, "pods")) {
    const { uid, name } = object.metadata;
    const pod = pods.get(uid) ?? { role: roles.roleOf("pods", object), name, states: [] };
    pods.set(uid, pod);
    const value = podState(type, object, roles);
    const last = pod.states.at(-1)?.value;
    if (last === undefined || !isSamePodState(last, value)) pod.states.push({ atMs: t, value });
  }
  return pods;
}
