import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareTraces } from "./compare-traces.ts";
import { parseTrace, type Trace, type TraceEntry } from "./trace.ts";

/** Recorded on Kubernetes 1.36.2. */
const golden = (name: string): Trace =>
  parseTrace(readFileSync(join(import.meta.dirname, "golden", name, "trace.jsonl"), "utf8"));

const CASES = [
  "evict-allowed",
  "job-delete",
  "node-drain",
  "pod-delete-prestop-exec",
  "pod-delete-prestop-fails",
  "pod-delete-prestop-http",
  "pod-delete-sidecar",
  "pod-liveness-restart",
  "rollout-restart-surge1",
  "statefulset-rolling",
] as const;

// biome-ignore lint/suspicious/noExplicitAny: a mutation reaches into objects of every kind
type Entry = any;

/** A copy in which every entry has been through `change`; undefined leaves the entry out. */
function mutate(trace: Trace, change: (entry: Entry, index: number) => Entry): Trace {
  const entries = (structuredClone(trace.entries) as TraceEntry[]).flatMap((entry, index) => {
    const changed = change(entry, index) as TraceEntry | undefined;
    return changed === undefined ? [] : [changed];
  });
  return { ...trace, entries };
}

/** Changes entries of one resource in place, those that `matches` picks. */
const alter =
  (resource: string, matches: (entry: Entry) => boolean, act: (object: Entry) => void) =>
  (trace: Trace): Trace =>
    mutate(trace, (entry) => {
      if (entry.resource === resource && matches(entry)) act(entry.object);
      return entry;
    });

const drop =
  (resource: string, matches: (entry: Entry) => boolean) =>
  (trace: Trace): Trace =>
    mutate(trace, (entry) => (entry.resource === resource && matches(entry) ? undefined : entry));

/** Shifts all that comes after an entry, as if what led to it had taken longer. */
const delayAfter =
  (resource: string, matches: (entry: Entry) => boolean, byMs: number) =>
  (trace: Trace): Trace => {
    const from = trace.entries.findIndex((entry) => entry.resource === resource && matches(entry));
    return mutate(trace, (entry, index) => {
      if (index >= from) entry.t += byMs;
      return entry;
    });
  };

const isLeaving = ({ object }: Entry) => object.metadata.deletionTimestamp !== undefined;
const hasEnded = ({ object }: Entry) => /Succeeded|Failed/.test(object.status.phase);
const isNew = ({ type }: Entry) => type === "ADDED";
const during = ({ t }: Entry) => t >= 0;
const about =
  (reason: string) =>
  ({ t, object }: Entry) =>
    t >= 0 && object.reason === reason;
const terminatedOf = (pod: Entry) => pod.status.containerStatuses[0].state.terminated;
const condition = (object: Entry, type: string) =>
  object.status.conditions.find((one: Entry) => one.type === type);

describe("a golden trace", () => {
  it.each(CASES)("of %s equals itself", (name) => {
    expect(compareTraces(golden(name), golden(name))).toEqual([]);
  });

  it("equals the recording of another hook that takes as long", () => {
    const sleepInShell = golden("pod-delete-prestop-exec");
    const renamed = mutate(sleepInShell, (entry) =>
      JSON.parse(JSON.stringify(entry).replaceAll("pod-delete-prestop-exec", "another-namespace")),
    );
    expect(compareTraces(sleepInShell, renamed)).toEqual([]);
  });

  it("differs from a recording whose hook fails in the one event that tells of it", () => {
    const http = golden("pod-delete-prestop-http");
    const failing = golden("pod-delete-prestop-fails");
    const differences = compareTraces(http, failing);
    expect(differences).toHaveLength(1);
    expect(differences[0]?.seen).toContain("Warning FailedPreStopHook");
    expect(compareTraces(failing, http)).toHaveLength(1);
  });

  it("tolerates what two recordings of a real cluster differ in", () => {
    const trace = golden("pod-delete-prestop-exec");
    const otherChances = [
      drop("events", about("Unhealthy")),
      drop("pods", ({ object }) => {
        const ready = object.status.conditions && condition(object, "PodReadyToStartContainers");
        return object.status.phase === "Pending" && ready?.status === "False";
      }),
      delayAfter("pods", hasEnded, 900),
      (one: Trace) => ({ ...one, entries: one.entries.toSorted(byResource) }),
    ];
    for (const chance of otherChances) expect(compareTraces(trace, chance(trace))).toEqual([]);
  });

  it("tolerates that a status which counts two changes at once replaces two", () => {
    const trace = golden("rollout-restart-surge1");
    const merged = drop(
      "deployments",
      ({ object }) => object.status.replicas === 3 && object.status.updatedReplicas === 2,
    )(trace);
    expect(compareTraces(trace, merged)).toEqual([]);
  });
});

/** The order of receipt across resources is chance; within one it is kept. */
const byResource = (a: TraceEntry, b: TraceEntry) => a.resource.localeCompare(b.resource);

const POD_MUTATIONS: readonly (readonly [string, (trace: Trace) => Trace, RegExp])[] = [
  [
    "another grace period",
    alter("pods", isLeaving, ({ metadata }) => {
      if (metadata.deletionGracePeriodSeconds > 0) metadata.deletionGracePeriodSeconds += 20;
    }),
    /state/,
  ],
  [
    "no deletion",
    alter("pods", isLeaving, ({ metadata }) => delete metadata.deletionTimestamp),
    /state/,
  ],
  [
    "no generation step",
    alter("pods", isLeaving, ({ metadata }) => (metadata.generation = 1)),
    /state/,
  ],
  ["no end of the object", drop("pods", ({ type }) => type === "DELETED"), /state/],
  [
    "another exit code",
    alter("pods", hasEnded, (pod) => (terminatedOf(pod).exitCode = 143)),
    /state/,
  ],
  [
    "another reason",
    alter("pods", hasEnded, (pod) => (terminatedOf(pod).reason = "Error")),
    /state/,
  ],
  ["another phase", alter("pods", hasEnded, (pod) => (pod.status.phase = "Failed")), /state/],
  [
    "another reason of a condition",
    alter("pods", hasEnded, (pod) => (condition(pod, "Ready").reason = "PodFailed")),
    /state/,
  ],
  [
    "Ready for as long as the pod is there",
    alter("pods", hasEnded, (pod) => (condition(pod, "Ready").status = "True")),
    /state/,
  ],
  [
    "not ready as soon as it is deleted",
    alter("pods", isLeaving, (pod) => (condition(pod, "Ready").status = "False")),
    /state/,
  ],
  [
    "restarted",
    alter("pods", isLeaving, (pod) => pod.status.containerStatuses[0].restartCount++),
    /state/,
  ],
  [
    "no phase before the end",
    drop("pods", (entry) => hasEnded(entry) && entry.type === "MODIFIED"),
    /state/,
  ],
  [
    "a stop that takes 3 s longer",
    delayAfter("pods", hasEnded, 3_000),
    /from the deletion to the end/,
  ],
  ["a stop at once", delayAfter("pods", hasEnded, -2_500), /from the deletion to the end/],
  ["a late first stop", delayAfter("events", about("Killing"), 2_000), /to the first stop/],
  [
    "an object that lingers",
    delayAfter("pods", ({ type }) => type === "DELETED", 4_000),
    /to the end of the object/,
  ],
  ["no replacement", dropNewPods, /how many/],
  ["a pod too many", addPod, /how many/],
];

function dropNewPods(trace: Trace): Trace {
  const fresh = trace.entries.filter((entry) => entry.resource === "pods" && isNew(entry));
  const uids = new Set(fresh.map(({ object }) => object.metadata.uid));
  return drop("pods", ({ object }) => uids.has(object.metadata.uid))(trace);
}

function addPod(trace: Trace): Trace {
  const copies = trace.entries.filter(isNew).map((entry) => {
    const { metadata } = entry.object;
    const other = { ...metadata, uid: `${metadata.uid}-2`, name: `${metadata.name}2` };
    return { ...entry, object: { ...entry.object, metadata: other } };
  });
  return { ...trace, entries: [...trace.entries, ...copies] };
}

const OTHER_MUTATIONS: readonly (readonly [string, (trace: Trace) => Trace, RegExp])[] = [
  ["a missing event", drop("events", about("Killing")), /events/],
  [
    "an event's reason",
    alter("events", about("Killing"), (event) => (event.reason = "Stopping")),
    /events/,
  ],
  [
    "an event's type",
    alter("events", about("Killing"), (event) => (event.type = "Warning")),
    /events/,
  ],
  [
    "an event's words",
    alter("events", about("Killing"), (event) => (event.message += "!")),
    /events/,
  ],
  [
    "an event's component",
    alter("events", about("Killing"), (event) => (event.reportingComponent = "someone")),
    /events/,
  ],
  [
    "an event's container",
    alter("events", about("Killing"), ({ involvedObject }) => (involvedObject.fieldPath = "")),
    /events/,
  ],
  ["events repeated", alter("events", about("Created"), (event) => (event.count = 3)), /times of/],
  ["the order of events", swapEvents("Pulled", "Started"), /events/],
  [
    "an endpoint that is ready while it terminates",
    alter("endpointslices", during, ({ endpoints }) => {
      for (const { conditions } of endpoints) if (conditions.terminating) conditions.ready = true;
    }),
    /endpoint of web/,
  ],
  [
    "an endpoint that does not serve while it terminates",
    alter("endpointslices", during, ({ endpoints }) => {
      for (const { conditions } of endpoints)
        if (conditions.terminating) conditions.serving = false;
    }),
    /endpoint of web/,
  ],
  [
    "an endpoint that goes at once",
    alter("endpointslices", during, (slice) => {
      slice.endpoints = slice.endpoints.filter(({ conditions }: Entry) => !conditions.terminating);
    }),
    /endpoint of web/,
  ],
  ["another port", alter("endpointslices", during, (slice) => (slice.ports[0].port = 1)), /ports/],
  [
    "an old endpoint that stays",
    drop(
      "endpoints",
      ({ t, object }) => t >= 0 && object.subsets[0].notReadyAddresses === undefined,
    ),
    /old Endpoints/,
  ],
  [
    "a count that no pod explains",
    alter("replicasets", during, ({ status }) => (status.terminatingReplicas += 1)),
    /ReplicaSet web\/1/,
  ],
  [
    "a missing step of the counts",
    drop("deployments", ({ object }) => object.status.replicas === 2),
    /deployments web: status.replicas/,
  ],
  [
    "a Deployment that stays unavailable",
    drop("deployments", ({ t, object }) => t >= 0 && object.status.readyReplicas === 3),
    /deployments web/,
  ],
  [
    "a condition's reason",
    alter("deployments", during, (object) => (condition(object, "Available").reason = "Other")),
    /condition Available/,
  ],
  [
    "an exit code",
    (trace) => ({ ...trace, action: { ...trace.action, exitCode: 1 } }),
    /exit code/,
  ],
  [
    "an output",
    (trace) => ({ ...trace, action: { ...trace.action, stdout: "pod deleted\n" } }),
    /output/,
  ],
];

function swapEvents(one: string, other: string): (trace: Trace) => Trace {
  return (trace) =>
    mutate(trace, (entry) => {
      if (!about(one)(entry) && !about(other)(entry)) return entry;
      const { object } = entry;
      const reason = object.reason === one ? other : one;
      const message = reason === "Started" ? "Container started" : "Container image is present";
      return { ...entry, object: { ...object, reason, message } };
    });
}

describe("a difference is found", () => {
  it.each([...POD_MUTATIONS, ...OTHER_MUTATIONS])("in %s", (_, mutation, where) => {
    const trace = golden("pod-delete-prestop-exec");
    const differences = compareTraces(trace, mutation(trace));
    expect(differences.map((difference) => difference.where).join("\n")).toMatch(where);
  });

  const cordoned = ({ object }: Entry) => object.spec.unschedulable === true;
  const evicted = ({ object }: Entry) =>
    object.status.conditions?.some(({ type }: Entry) => type === "DisruptionTarget");
  it.each<readonly [string, string, (trace: Trace) => Trace, RegExp]>([
    [
      "a cordon without a taint",
      "node-drain",
      alter("nodes", cordoned, ({ spec }) => delete spec.taints),
      /Node: a lasting state/,
    ],
    ["no cordon", "node-drain", drop("nodes", cordoned), /Node: /],
    ["an uncordon that is missing", "node-drain", drop("nodes", ({ t }) => t > 5_000), /Node: /],
    [
      "an eviction that does not say so",
      "evict-allowed",
      alter("pods", evicted, ({ status }) => {
        status.conditions = status.conditions.filter(
          ({ type }: Entry) => type !== "DisruptionTarget",
        );
      }),
      /state/,
    ],
    [
      "a budget that is not spent",
      "evict-allowed",
      alter("poddisruptionbudgets", during, ({ status }) => (status.disruptionsAllowed = 1)),
      /poddisruptionbudgets web: status.disruptionsAllowed/,
    ],
    [
      "a sidecar that stops with the app",
      "pod-delete-sidecar",
      delayAfter("pods", hasEnded, -1_600),
      /from the deletion to the end/,
    ],
    [
      "a liveness restart that is not counted",
      "pod-liveness-restart",
      alter("pods", during, ({ status }) => (status.containerStatuses[0].restartCount = 0)),
      /state/,
    ],
    [
      "a liveness probe that is given up sooner",
      "pod-liveness-restart",
      delayAfter("pods", during, -1_500),
      /from the first event/,
    ],
    [
      "a Job's pod that keeps its finalizer",
      "job-delete",
      alter(
        "pods",
        hasEnded,
        ({ metadata }) => (metadata.finalizers = ["batch.kubernetes.io/job-tracking"]),
      ),
      /state/,
    ],
    [
      "a Job that counts one more",
      "job-delete",
      alter(
        "jobs",
        ({ object }) => object.status.succeeded === 4,
        ({ status }) => (status.succeeded = 5),
      ),
      /jobs batch: status.succeeded/,
    ],
    [
      "a StatefulSet that begins with the lowest",
      "statefulset-rolling",
      (trace) =>
        mutate(trace, (entry) =>
          JSON.parse(
            JSON.stringify(entry).replaceAll(/web-([02])\b/g, (_, n) => `web-${2 - Number(n)}`),
          ),
        ),
      /StatefulSet web: events/,
    ],
    [
      "a StatefulSet that updates its revision too early",
      "statefulset-rolling",
      alter(
        "statefulsets",
        ({ t }) => t > 5_000,
        ({ status }) => (status.currentRevision = status.updateRevision),
      ),
      /statefulsets web: order of changes|statefulsets web: status/,
    ],
    [
      "a rollout with one pod too many",
      "rollout-restart-surge1",
      alter(
        "deployments",
        ({ object }) => object.status.replicas === 4,
        ({ status }) => (status.replicas = 5),
      ),
      /deployments web/,
    ],
    [
      "a rollout that goes below what must be available",
      "rollout-restart-surge1",
      alter(
        "deployments",
        ({ object }) => object.status.readyReplicas === 3,
        ({ status }) => (status.availableReplicas = 2),
      ),
      /least available/,
    ],
    [
      "a rollout whose ReplicaSet is scaled up and down again",
      "rollout-restart-surge1",
      alter(
        "events",
        ({ object }) => object.message.endsWith("from 1 to 2"),
        (event) => {
          event.message = event.message.replace("from 1 to 2", "from 1 to 0");
        },
      ),
      /scale/,
    ],
    [
      "a progress condition that is never reached",
      "rollout-restart-surge1",
      alter(
        "deployments",
        during,
        (object) => (condition(object, "Progressing").reason = "ReplicaSetUpdated"),
      ),
      /condition Progressing/,
    ],
  ])("in %s", (_, name, mutation, where) => {
    const trace = golden(name);
    const differences = compareTraces(trace, mutation(trace));
    expect(differences.map((difference) => difference.where).join("\n")).toMatch(where);
  });
});
