import type { Exchange, FailureClass } from "#domain/exchange.ts";
import type { Measurement } from "#domain/measurement.ts";
import type { MetricName } from "#domain/metric.ts";
import type { ContainerSetup } from "#domain/observation.ts";
import type { FailureMark, Leak, PodLane, Report } from "#domain/report.ts";
import type { ContainerExit, Termination } from "#domain/termination.ts";
import type { Verdict } from "#domain/verdict.ts";
import { aHistory, aStream } from "./builders.ts";

/*
 * Reports as small as a cause needs them. The standard one is healthy: three pods of the Deployment `web`
 * are replaced one after the other from 5,000 ms on, each sleeps 3 s in preStop and exits 1 s after SIGTERM
 * with code 0, and each successor answers soon after it is ready.
 */

export interface LeavingPod {
  readonly termination: Termination;
  readonly lane: PodLane;
}

/** Times are milliseconds after the pod's T0, which is at `atMs`. */
export interface LeavingFields {
  readonly pod?: string;
  readonly atMs?: number;
  readonly graceSeconds?: number;
  readonly ownGraceSeconds?: number;
  /** Of the one container `web`; absent hooks are named by `preStop: undefined`. */
  readonly setup?: Partial<ContainerSetup>;
  readonly sleepSeconds?: number;
  readonly exit?: Partial<ContainerExit> & { readonly afterMs?: number };
  /** Undefined when no SIGTERM can be inferred. */
  readonly sigtermAfterMs?: number | undefined;
  readonly termination?: Partial<Termination>;
  readonly lane?: Partial<PodLane>;
}

export const PROBE = { periodSeconds: 1, failureThreshold: 3 };

export function aLeaving(fields: LeavingFields = {}): LeavingPod {
  const { pod = "web-1", atMs = 5_000, graceSeconds = 10, sleepSeconds, exit = {} } = fields;
  const { afterMs = (sleepSeconds ?? 0) * 1000 + 1_000, ...exitFields } = exit;
  const sleeps = sleepSeconds !== undefined;
  const preStop = sleeps ? { preStop: { type: "sleep", seconds: sleepSeconds } as const } : {};
  const setup = { sidecar: false, readinessProbe: PROBE, ...preStop, ...fields.setup };
  const sigtermAfterMs =
    "sigtermAfterMs" in fields ? fields.sigtermAfterMs : (sleepSeconds ?? 0) * 1000;
  const termination: Termination = {
    pod,
    uid: `uid-${pod}`,
    deletionRequestedAtMs: atMs,
    t0UncertaintyMs: 10,
    gracePeriodSeconds: graceSeconds,
    ...(sleeps && { preStopSleepSeconds: sleepSeconds }),
    endpointNotReadyAtMs: atMs + 20,
    exitedAtMs: atMs + afterMs,
    exits: [{ container: "web", exitCode: 0, reason: "Completed", forced: false, ...exitFields }],
    goneAtMs: atMs + afterMs + 100,
    ...fields.termination,
  };
  const lane: PodLane = {
    pod,
    createdAtMs: -2_000,
    readyAtMs: -1_000,
    firstAnswerAtMs: 10,
    lastAnswerAtMs: atMs + 500,
    lastNewConnectionAtMs: atMs + 120,
    lastReusedRequestAtMs: atMs + 900,
    endpoint: [
      { atMs: -900, state: "ready" },
      { atMs: atMs + 20, state: "terminating" },
      { atMs: atMs + afterMs + 50, state: "absent" },
    ],
    setup: {
      graceSeconds: fields.ownGraceSeconds ?? graceSeconds,
      containers: [{ name: "web", ...setup }],
    },
    termination,
    ...(sigtermAfterMs !== undefined && { sigtermAtMs: atMs + sigtermAfterMs }),
    ...fields.lane,
  };
  return { termination, lane };
}

/** Three pods that leave 3 s apart, alike but for their names. */
export function threeLeaving(fields: LeavingFields = {}): readonly LeavingPod[] {
  return [1, 2, 3].map((n) => aLeaving({ ...fields, pod: `web-${n}`, atMs: 2_000 + 3_000 * n }));
}

/** A new pod that is ready at `readyAtMs` and answers 150 ms later. */
export function aNewPod(readyAtMs: number, fields: Partial<PodLane> = {}): PodLane {
  return {
    pod: `new-${readyAtMs}`,
    createdAtMs: readyAtMs - 800,
    readyAtMs,
    firstAnswerAtMs: readyAtMs + 150,
    endpoint: [{ atMs: readyAtMs + 10, state: "ready" }],
    setup: {
      graceSeconds: 10,
      containers: [{ name: "web", sidecar: false, readinessProbe: PROBE }],
    },
    ...fields,
  };
}

export interface FailureFields {
  readonly stream?: string;
  readonly seq?: number;
  readonly atMs: number;
  readonly reason: FailureClass;
  /** From sending to the end. */
  readonly livedMs?: number;
  readonly connection?: Exchange["connection"];
  readonly status?: number;
  /** Named: the pod is proven. */
  readonly pod?: string;
  readonly attribution?: FailureMark["attribution"];
}

/** One failed request, as `judge` marks it: by default a new connection that lived 5 ms. */
export function aFailure(fields: FailureFields): FailureMark {
  const { stream = "visit", seq = 1, atMs, reason, livedMs = 5, connection = "new" } = fields;
  const status = fields.status === undefined ? {} : { status: fields.status };
  const sentAtMs = atMs - livedMs;
  return {
    stream,
    seq,
    atMs,
    reason,
    ...status,
    ...(fields.pod !== undefined && { pod: fields.pod }),
    attribution: fields.attribution ?? (fields.pod === undefined ? "unknown" : "proven"),
    exchange: {
      seq,
      stream,
      scheduledAtMs: sentAtMs,
      sentAtMs,
      ...(reason !== "connect-refused" && { connectedAtMs: sentAtMs }),
      endedAtMs: atMs,
      connection,
      connectionId: seq,
      bytes: 0,
      late: false,
      outcome: { type: "indeterminate", reason, ...status },
    },
  };
}

/** What the container `web` of one pod held on to. */
export function aLeak(fields: Partial<Leak> = {}): Leak {
  const { pod = "web-1" } = fields;
  const uid = `uid-${pod}`;
  return { pod, uid, container: "web", of: "processes", count: 20, atMs: 20_000, ...fields };
}

export function measured(
  metric: MetricName,
  value: number,
  more: Partial<Measurement> = {},
): Measurement {
  const evidence = { total: 0, exchanges: [], notes: [] };
  return { metric, value, summary: "", sample: 1, doubts: [], evidence, ...more };
}

/** A promise about a metric that was kept or broken. */
export function promised(measurement: Measurement, verdict: Verdict): Report["results"][number] {
  const threshold = { metric: measurement.metric, operator: "=", limit: 0, text: "0" } as const;
  return { threshold, measurement, verdict, because: "" };
}

export interface ReportFields extends Partial<Omit<Report, "terminations" | "lanes" | "header">> {
  readonly leaving?: readonly LeavingPod[];
  /** Beside those of the leaving pods. */
  readonly others?: readonly PodLane[];
  readonly header?: Partial<Report["header"]>;
}

/** The healthy report, with what a test changes of it. */
export function aReport(fields: ReportFields = {}): Report {
  const { leaving = threeLeaving({ sleepSeconds: 3 }), others, header, ...rest } = fields;
  const marks = rest.marks ?? [];
  const history = aHistory({ load: LOAD });
  const account = {
    scheduled: 6_000,
    undelivered: 0,
    late: 0,
    worstLoopDelayMs: 2,
    indeterminate: 0,
  };
  const counts = {
    ...account,
    failed: marks.length,
    ok: 6_000 - marks.length,
    harnessFailures: [],
  };
  const { workload } = history.header;
  return {
    header: { ...history.header, disruptions: [{ type: "rolling-update", workload }], ...header },
    closing: { ...history.closing, streams: [{ stream: "visit", ...counts }] },
    verdict: marks.length === 0 ? "pass" : "fail",
    headline: "",
    results: [],
    ungated: [
      measured("deregistration-latency", 120, { resolution: 7 }),
      measured("capacity", 1),
      measured("longest-gap", 40),
    ],
    doubts: [],
    voids: [],
    terminations: leaving.map(({ termination }) => termination),
    windows: leaving.map(({ termination: { pod, deletionRequestedAtMs, goneAtMs } }) => ({
      pod,
      fromMs: deletionRequestedAtMs,
      untilMs: (goneAtMs ?? 20_000) + 500,
    })),
    lanes: [
      ...leaving.map(({ lane }) => lane),
      ...(others ?? [4_500, 7_500, 10_500].map((at) => aNewPod(at))),
    ],
    workload: {
      kind: "Deployment",
      name: "web",
      generation: 2,
      desired: 3,
      ready: 3,
      updated: 3,
      available: 3,
      minReadySeconds: 0,
      maxUnavailable: 0,
    },
    gaps: [{ stream: "visit", fromMs: 6_000, lengthMs: 40, failures: 0, usualMs: 30 }],
    actions: [],
    transactions: {
      committed: 0,
      resolved: 0,
      incomplete: 0,
      lost: 0,
      partial: 0,
      duplicated: 0,
      phantom: 0,
    },
    background: { requests: 3_000, failures: 0 },
    series: [],
    seriesBucketMs: 100,
    marks,
    advice: [],
    ...rest,
  };
}

const LOAD = [
  aStream({ name: "browse" }),
  aStream({ type: "fresh", name: "visit" }),
  aStream({
    type: "fresh",
    name: "wait",
    arrival: { type: "constant", perSecond: 5 },
    takesMs: 1_000,
  }),
];
