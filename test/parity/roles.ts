import { controllerOf, entriesOf, type Trace, type TraceObject } from "./trace.ts";

/**
 * What an object is in its case, where its name is chance. Two recordings of one case share no pod name,
 * no UID and no address; they share roles: `ReplicaSet web/2` is the second of Deployment web, and all its
 * pods are `Pod of ReplicaSet web/2`.
 */
export class Roles {
  readonly #replicaSets = new Map<string, string>();
  readonly #pods = new Map<string, string>();
  readonly #names: readonly (readonly [name: string, stands: string])[];
  readonly #pattern: RegExp;

  constructor(trace: Trace) {
    for (const [uid, role] of replicaSetRoles(trace)) this.#replicaSets.set(uid, role);
    const names = new Map<string, string>();
    for (const { object } of entriesOf(trace, "replicasets")) {
      names.set(object.metadata.name, `<${this.#replicaSets.get(object.metadata.uid)}>`);
    }
    for (const { object } of entriesOf(trace, "pods")) {
      // A pod that is orphaned or adopted stays what it was at first sight.
      const role = this.#pods.get(object.metadata.uid) ?? this.#podRole(object);
      this.#pods.set(object.metadata.uid, role);
      if (!isStable(object)) names.set(object.metadata.name, `<${role}>`);
      const node = object.spec?.["nodeName"];
      if (typeof node === "string") names.set(node, "<node>");
    }
    for (const { object } of entriesOf(trace, "nodes")) names.set(object.metadata.name, "<node>");
    for (const { object } of trace.entries) {
      if (object.metadata.namespace) names.set(object.metadata.namespace, "<namespace>");
    }
    this.#names = [...names].toSorted(([a], [b]) => b.length - a.length);
    this.#pattern = namePattern(this.#names.map(([name]) => name));
  }

  /** The role of an object of a resource: equal in two recordings of one case. */
  roleOf(resource: string, object: TraceObject): string {
    const { name, uid, labels } = object.metadata;
    if (resource === "pods") return this.#pods.get(uid) ?? `Pod ${name}`;
    if (resource === "replicasets") return this.#replicaSets.get(uid) ?? `ReplicaSet ${name}`;
    if (resource === "nodes") return "Node";
    if (resource !== "endpointslices") return `${resource} ${name}`;
    return `EndpointSlice of Service ${labels?.["kubernetes.io/service-name"] ?? "(none)"}`;
  }

  /** The role of the pod with this UID; undefined for one that the trace never shows. */
  roleOfPod(uid: string): string | undefined {
    return this.#pods.get(uid);
  }

  /** A message or an output without what chance put into it. */
  withoutChance(text: string): string {
    const known = new Map(this.#names);
    return text
      .replace(this.#pattern, (name) => known.get(name) ?? name)
      .replace(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, "<ip>")
      .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uid>")
      .replace(/ {2}Chose "[^"]*" arbitrarily/, "  Chose one arbitrarily")
      .replace(/\bkube-api-access-[a-z0-9]{5}\b/g, "kube-api-access");
  }

  #podRole(pod: TraceObject): string {
    const owner = controllerOf(pod);
    if (isStable(pod)) return `Pod ${pod.metadata.name}`;
    if (owner === undefined) return `Pod ${pod.metadata.generateName}…`;
    const replicaSet = owner.kind === "ReplicaSet" ? this.#replicaSets.get(owner.uid) : undefined;
    return `Pod of ${replicaSet ?? `${owner.kind} ${owner.name}`}`;
  }
}

/** The pods of a StatefulSet, and those that somebody made by a name, are named by intention. */
function isStable(pod: TraceObject): boolean {
  const owner = controllerOf(pod);
  return owner === undefined
    ? pod.metadata.generateName === undefined
    : owner.kind === "StatefulSet";
}

/** ReplicaSets numbered per owner in the order of their creation, as their revisions were. */
function replicaSetRoles(trace: Trace): ReadonlyMap<string, string> {
  const objects = new Map<string, TraceObject>();
  for (const { object } of entriesOf(trace, "replicasets")) {
    if (!objects.has(object.metadata.uid)) objects.set(object.metadata.uid, object);
  }
  const counts = new Map<string, number>();
  const roles = new Map<string, string>();
  const created = ({ metadata }: TraceObject) => metadata.creationTimestamp ?? "";
  for (const object of [...objects.values()].toSorted((a, b) =>
    created(a).localeCompare(created(b)),
  )) {
    const owner = controllerOf(object)?.name ?? object.metadata.name;
    const number = (counts.get(owner) ?? 0) + 1;
    counts.set(owner, number);
    roles.set(object.metadata.uid, `ReplicaSet ${owner}/${number}`);
  }
  return roles;
}

function namePattern(names: readonly string[]): RegExp {
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(?<![A-Za-z0-9.-])(?:${escaped.join("|") || "(?!)"})(?![A-Za-z0-9-])`, "g");
}
