import { distinctStates, type Facets } from "./chain.ts";
import type { Roles } from "./roles.ts";
import type { Timed } from "./timed.ts";
import type { EntryType, Trace, TraceObject } from "./trace.ts";

/** The distinct states of an object that is no pod and no event. */
export interface ObjectStory {
  readonly role: string;
  readonly resource: string;
  readonly uid: string;
  readonly states: readonly Timed<Facets>[];
  /** False where the recording began late and the first state is not the one from before the action. */
  readonly isFromStart: boolean;
}

/** The stories of all objects of a trace but pods and events, which have rules of their own. */
export function objectStories(trace: Trace, roles: Roles): readonly ObjectStory[] {
  const own = trace.entries.filter(({ resource }) => resource !== "pods" && resource !== "events");
  const groups = Map.groupBy(own, ({ resource, object }) => `${resource} ${object.metadata.uid}`);
  return [...groups.values()].flatMap((entries) => {
    const [first] = entries;
    if (first === undefined) return [];
    const { resource, object, type } = first;
    return [
      {
        role: roles.roleOf(resource, object),
        resource,
        uid: object.metadata.uid,
        states: distinctStates(
          numberRevisions(
            entries.map((entry) => ({
              atMs: entry.t,
              value: facetsOf(entry.type, entry.object, roles),
            })),
          ),
        ),
        isFromStart: type !== "MODIFIED",
      },
    ];
  });
}

/** A revision's name is a hash: only which of the object's revisions it is can be compared. */
function numberRevisions(states: readonly Timed<Facets>[]): readonly Timed<Facets>[] {
  const names: string[] = [];
  const number = (name: string) => {
    if (!names.includes(name)) names.push(name);
    return `revision ${names.indexOf(name) + 1}`;
  };
  return states.map(({ atMs, value }) => {
    const facets = [...value].map(
      ([facet, text]) => [facet, REVISIONS.includes(facet) ? number(text) : text] as const,
    );
    return { atMs, value: new Map(facets) };
  });
}

const REVISIONS = ["status.currentRevision", "status.updateRevision"];

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

function facetsOf(type: EntryType, object: TraceObject, roles: Roles): Facets {
  const { metadata, spec = {}, status = {} } = object;
  const facets = new Map<string, string>([["exists", type === "DELETED" ? "no" : "yes"]]);
  const add = (facet: string, value: unknown) => {
    if (value !== undefined) facets.set(facet, roles.withoutChance(describe(value)));
  };
  add("deletion", metadata.deletionTimestamp && `with ${metadata.deletionGracePeriodSeconds} s`);
  add("finalizers", metadata.finalizers);
  if ("replicas" in spec || "template" in spec) add("generation", metadata.generation);
  for (const field of ["replicas", "paused", "suspend", "unschedulable"]) add(field, spec[field]);
  const taints = spec["taints"] as readonly Taint[] | undefined; // only nodes have them
  for (const { key, value, effect } of taints ?? [])
    add(`taint ${key}`, `${value ?? ""}:${effect}`);
  for (const [field, value] of Object.entries(status)) {
    if (field === "conditions") addConditions(value as readonly Condition[], add);
    else if (isBehaviour(field, value)) add(`status.${field}`, value);
  }
  const { addressType, ports, subsets } = object as unknown as Readonly<Record<string, unknown>>;
  add("addressType", addressType);
  add("ports", ports);
  add("ports of subsets", portsOfSubsets(subsets));
  return facets;
}

function addConditions(
  conditions: readonly Condition[],
  add: (facet: string, value: unknown) => void,
): void {
  for (const { type, status, reason = "", message = "" } of conditions) {
    add(`condition ${type}`, `${status} ${reason} ${message}`.trim());
  }
}

/** Counts, phases and lists of what is being worked on; not what describes the machine or the clock. */
function isBehaviour(field: string, value: unknown): boolean {
  if (field === "disruptedPods" || field === "uncountedTerminatedPods") return true;
  return typeof value === "number" || field === "phase" || REVISIONS.includes(`status.${field}`);
}

/** Lists of names by chance become the number of their members. */
function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return JSON.stringify(value);
  return Object.entries(value)
    .map(([key, member]) => (Array.isArray(member) ? `${key}: ${member.length}` : "one"))
    .join(", ");
}

function portsOfSubsets(subsets: unknown): unknown {
  if (!Array.isArray(subsets)) return undefined;
  return [...new Set(subsets.map(({ ports }) => JSON.stringify(ports)))].join(" ");
}
