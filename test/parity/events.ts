import type { Roles } from "./roles.ts";
import { entriesOf, type Trace, type TraceObject } from "./trace.ts";

/** One occurrence of an event; what was repeated or aggregated into one object is told apart again. */
export interface Occurrence {
  readonly atMs: number;
  readonly type: string;
  readonly reason: string;
  /** In roles, and without the words that mark an aggregated event. */
  readonly message: string;
  readonly component: string;
  /** The container, as `spec.containers{app}`, or nothing. */
  readonly fieldPath: string;
}

interface EventObject extends TraceObject {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count?: number;
  readonly series?: { readonly count?: number };
  readonly reportingComponent?: string;
  readonly source?: { readonly component?: string };
  readonly involvedObject: {
    readonly kind: string;
    readonly name: string;
    readonly uid?: string;
    readonly fieldPath?: string;
  };
}

const COMBINED = "(combined from similar events): ";

/**
 * All occurrences by the object they are about. A pod is known by its UID, since the pods of a
 * StatefulSet inherit a name; anything else by its role.
 */
export function occurrencesBySubject(
  trace: Trace,
  roles: Roles,
): ReadonlyMap<string, readonly Occurrence[]> {
  const subjects = new Map<string, Occurrence[]>();
  const counted = new Map<string, number>();
  for (const { t, type, object } of entriesOf(trace, "events")) {
    if (type === "DELETED") continue; // an event's end is its retention, nobody's behaviour
    const event = object as EventObject; // the API server serves what the resource is
    const count = event.count ?? event.series?.count ?? 1;
    const before = counted.get(event.metadata.uid) ?? 0;
    counted.set(event.metadata.uid, Math.max(count, before));
    const subject = subjectOf(event, roles);
    const known = subjects.get(subject) ?? [];
    subjects.set(subject, known);
    for (let more = before; more < count; more++) known.push(occurrence(t, event, roles));
  }
  return subjects;
}

/** The key under which the occurrences about a pod are found. */
export function podSubject(uid: string): string {
  return `Pod ${uid}`;
}

/** What two recordings compare of an occurrence. */
export function describeOccurrence(occurrence: Occurrence): string {
  const { type, reason, message, component, fieldPath } = occurrence;
  return `${type} ${reason} ${JSON.stringify(message)} [${component}]${fieldPath && ` of ${fieldPath}`}`;
}

/**
 * Where Kubernetes would have aggregated, or not yet: nine different events of one object and reason are
 * shown as they are; the tenth within ten minutes is `(combined from similar events)`, and so is each later.
 */
export function aggregationFaults(trace: Trace, roles: Roles): readonly string[] {
  const similar = new Map<string, { plain: number; combined: number }>();
  for (const { type, object } of entriesOf(trace, "events")) {
    if (type === "MODIFIED" || type === "DELETED") continue;
    const event = object as EventObject; // the API server serves what the resource is
    const key = `${subjectOf(event, roles)} ${event.type} ${event.reason}`;
    const counts = similar.get(key) ?? { plain: 0, combined: 0 };
    similar.set(key, counts);
    if (event.message.startsWith(COMBINED)) counts.combined++;
    else counts.plain++;
  }
  return [...similar]
    .filter(([, { plain, combined }]) => plain > MOST_PLAIN || (combined > 0 && plain < MOST_PLAIN))
    .map(([key, { plain, combined }]) => `${key}: ${plain} as they are, ${combined} combined`);
}

const MOST_PLAIN = 9;

function occurrence(atMs: number, event: EventObject, roles: Roles): Occurrence {
  const message = event.message.startsWith(COMBINED)
    ? event.message.slice(COMBINED.length)
    : event.message;
  return {
    atMs,
    type: event.type,
    reason: event.reason,
    message: roles.withoutChance(message),
    component: event.reportingComponent || event.source?.component || "",
    fieldPath: event.involvedObject.fieldPath ?? "",
  };
}

function subjectOf({ involvedObject }: EventObject, roles: Roles): string {
  const { kind, name, uid } = involvedObject;
  if (kind === "Pod" && uid !== undefined) return podSubject(uid);
  return roles.withoutChance(`${kind} ${name}`);
}
