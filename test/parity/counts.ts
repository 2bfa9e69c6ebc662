import { controllerOf, entriesOf, type Trace, type TraceEntry, type TraceObject } from "./trace.ts";

/** The counts that a ReplicaSet or Deployment has at one moment. */
type Counts = Readonly<Record<string, number>>;

/** Where a controller's cache may stand, in the order of the store. */
interface Moment {
  readonly version: number;
  readonly counts: Counts;
}

/**
 * The first status of a workload that does not follow from what it counts, or undefined. A controller
 * counts what its cache holds, which lags behind the store but never goes back: each status must equal the
 * counts at some moment before it was written, and no earlier one than the status before it.
 */
export function unexplainedStatus(
  trace: Trace,
  resource: "replicasets" | "deployments",
  uid: string,
): string | undefined {
  const known = resource === "replicasets" ? podMoments(trace, uid) : replicaSetMoments(trace, uid);
  let at = 0;
  for (const { type, object } of entriesOf(trace, resource)) {
    if (type === "INITIAL" || object.metadata.uid !== uid || object.metadata.deletionTimestamp)
      continue;
    const counts = countsOf(object, resource);
    const version = versionOf(object);
    const next = known.findIndex(
      (moment, index) => index >= at && moment.version <= version && isSame(counts, moment.counts),
    );
    if (next === -1) return `${describeCounts(counts)} at resource version ${version}`;
    at = next;
  }
  return undefined;
}

function describeCounts(counts: Counts): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name}=${count}`)
    .join(" ");
}

function countsOf({ status = {}, spec = {} }: TraceObject, resource: string): Counts {
  const count = (field: string) => Number(status[field] ?? 0);
  return {
    replicas: count("replicas"),
    ready: count("readyReplicas"),
    // With minReadySeconds a pod becomes available by the passing of time, which no object tells.
    ...(spec["minReadySeconds"] === undefined && { available: count("availableReplicas") }),
    terminating: count("terminatingReplicas"),
    // While it is paused, or empties under Recreate, there may be no ReplicaSet yet that could be the new one.
    ...(resource === "deployments" &&
      status["updatedReplicas"] !== undefined && { updated: count("updatedReplicas") }),
    ...(resource === "deployments" &&
      spec["minReadySeconds"] === undefined && { unavailable: count("unavailableReplicas") }),
  };
}

function isSame(one: Counts, other: Counts): boolean {
  return Object.entries(one).every(([name, count]) => other[name] === count);
}

function podMoments(trace: Trace, uid: string): readonly Moment[] {
  return moments(trace, "pods", uid, podCounts);
}

function replicaSetMoments(trace: Trace, uid: string): readonly Moment[] {
  return moments(trace, "replicasets", uid, replicaSetCounts);
}

/**
 * What the owner could count, change by change in the order in which the store took them: watches of two
 * resources arrive in any order. What was there before the action is one moment.
 */
function moments(
  trace: Trace,
  resource: string,
  owner: string,
  count: (objects: readonly TraceObject[]) => Counts,
): readonly Moment[] {
  const own = entriesOf(trace, resource).filter(
    ({ object }) => controllerOf(object)?.uid === owner,
  );
  const objects = new Map<string, TraceObject>();
  for (const { type, object } of own)
    if (type === "INITIAL") objects.set(object.metadata.uid, object);
  const first = { version: 0, counts: count([...objects.values()]) };
  const changes = inStoreOrder(own.filter(({ type }) => type !== "INITIAL"));
  return [
    first,
    ...changes.map(({ type, object }) => {
      if (type === "DELETED") objects.delete(object.metadata.uid);
      else objects.set(object.metadata.uid, object);
      return { version: versionOf(object), counts: count([...objects.values()]) };
    }),
  ];
}

function podCounts(pods: readonly TraceObject[]): Counts {
  const finished = ({ status }: TraceObject) =>
    /^(Succeeded|Failed)$/.test(String(status?.["phase"]));
  const leaving = ({ metadata }: TraceObject) => metadata.deletionTimestamp !== undefined;
  const active = pods.filter((pod) => !finished(pod) && !leaving(pod));
  const ready = active.filter(isReady).length;
  return {
    replicas: active.length,
    ready,
    available: ready,
    terminating: pods.filter((pod) => leaving(pod) && !finished(pod)).length,
  };
}

function isReady({ status }: TraceObject): boolean {
  const conditions = status?.["conditions"] as
    | readonly { type: string; status: string }[]
    | undefined;
  return (
    conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false
  );
}

function replicaSetCounts(sets: readonly TraceObject[]): Counts {
  const all = sets.map((set) => countsOf(set, "replicasets"));
  const sum = (name: string) => all.reduce((total, counts) => total + (counts[name] ?? 0), 0);
  const wanted = sets.reduce((total, { spec }) => total + Number(spec?.["replicas"] ?? 0), 0);
  const newest = sets.toSorted((a, b) => revision(b) - revision(a))[0];
  return {
    replicas: sum("replicas"),
    ready: sum("ready"),
    available: sum("available"),
    terminating: sum("terminating"),
    updated: newest === undefined ? 0 : (countsOf(newest, "replicasets")["replicas"] ?? 0),
    unavailable: Math.max(0, wanted - sum("available")),
  };
}

function revision({ metadata }: TraceObject): number {
  return Number(metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0);
}

function inStoreOrder(entries: readonly TraceEntry[]): readonly TraceEntry[] {
  return entries.toSorted((a, b) => versionOf(a.object) - versionOf(b.object));
}

function versionOf({ metadata }: TraceObject): number {
  return Number(metadata.resourceVersion);
}
