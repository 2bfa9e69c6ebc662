import { createHash } from "node:crypto";
import { describeDisruption } from "#domain/disruption.ts";
import type { Report } from "#domain/report.ts";
import type { Termination } from "#domain/termination.ts";
import { runLengthMs } from "#reporting/run-summary.ts";
import { type Attributes, attributesOf, type Span, type SpanEvent } from "./span.ts";

/**
 * A finished run as one trace in OTLP's JSON form: the run, its phases, what the harness asked of the cluster, and
 * each pod's leaving. Ids follow from the run's, so that a run that is judged again is the same trace.
 */
export function renderTrace(report: Report): object {
  const { header } = report;
  const spans = [
    rootSpan(report),
    ...phaseSpans(report),
    ...actionSpans(report),
    ...leavingSpans(report),
  ];
  const zeroMs = epochOfZero(report);
  const resource = { "service.name": "lastcall", "service.version": header.environment.lastcall };
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [
          {
            scope: { name: "lastcall", version: header.environment.lastcall },
            spans: spans.map((span) => writeSpan(span, { runId: header.runId, zeroMs })),
          },
        ],
      },
    ],
  };
}

/** The run's set-up begins at the moment that the header names; instants are counted from a little before it. */
function epochOfZero({ header, closing }: Report): number {
  return Date.parse(header.startedAt) - (closing.phases[0]?.startedAtMs ?? 0);
}

function rootSpan(report: Report): Span {
  const { header, closing, verdict, headline } = report;
  const { kind, namespace, name } = header.workload;
  return {
    id: ROOT,
    name: `run ${header.scenario}`,
    fromMs: closing.phases[0]?.startedAtMs ?? 0,
    untilMs: runLengthMs(report),
    attributes: {
      "lastcall.run.id": header.runId,
      "lastcall.scenario": header.scenario,
      "lastcall.verdict": verdict,
      "lastcall.headline": headline,
      "lastcall.cluster": header.environment.cluster,
      "k8s.namespace.name": namespace,
      [`k8s.${kind.toLowerCase()}.name`]: name,
    },
    ...(verdict === "fail" && { failed: headline }),
  };
}

function phaseSpans({ header, closing }: Report): readonly Span[] {
  return closing.phases.map(({ name, startedAtMs, endedAtMs }) => ({
    id: `phase ${name} ${startedAtMs}`,
    name: `phase ${name}`,
    fromMs: startedAtMs,
    untilMs: endedAtMs ?? startedAtMs,
    attributes: {
      "lastcall.phase": name,
      ...(name === "disruption" && {
        "lastcall.disruptions": header.disruptions.map(describeDisruption).join(", "),
      }),
    },
  }));
}

/** Below the phase in which they were asked for. */
function actionSpans({ actions, closing }: Report): readonly Span[] {
  return actions.map(({ verb, object, result, atMs, answeredAtMs }, index) => {
    const phase = closing.phases.findLast(({ startedAtMs }) => startedAtMs <= atMs);
    return {
      id: `action ${index}`,
      ...(phase !== undefined && { parent: `phase ${phase.name} ${phase.startedAtMs}` }),
      name: `${verb} ${object}`,
      fromMs: atMs,
      untilMs: answeredAtMs,
      attributes: { "lastcall.action.result": result },
    };
  });
}

/** They outlast the phase that made them begin, so they hang below the run. */
function leavingSpans({ terminations, header, closing }: Report): readonly Span[] {
  return terminations.map((termination) => {
    const { pod, uid, exits, goneAtMs, exitedAtMs, deletionRequestedAtMs: fromMs } = termination;
    const end = closing.phases.at(-1)?.endedAtMs ?? fromMs;
    const killed = exits.find(({ forced }) => forced);
    return {
      id: `termination ${uid} ${fromMs}`, // a pod that came back may leave twice
      name: `termination ${pod}`,
      fromMs,
      untilMs: goneAtMs ?? exitedAtMs ?? end,
      attributes: {
        "k8s.namespace.name": header.workload.namespace,
        "k8s.pod.name": pod,
        "k8s.pod.uid": uid,
        "lastcall.grace_period_seconds": termination.gracePeriodSeconds,
        "lastcall.exit_codes": exits.map(({ exitCode }) => exitCode).join(", "),
      },
      events: eventsOf(termination),
      ...(killed !== undefined && {
        failed: `${killed.container} was killed: its grace was spent`,
      }),
    };
  });
}

function eventsOf(termination: Termination): readonly SpanEvent[] {
  return INSTANTS.flatMap(([field, name]) => {
    const atMs = termination[field];
    return atMs === undefined ? [] : [{ name, atMs }];
  });
}

const INSTANTS = [
  ["endpointNotReadyAtMs", "endpoint not ready"],
  ["sigtermAtMs", "SIGTERM (inferred)"],
  ["lastNewConnectionAtMs", "last new connection"],
  ["lastReusedRequestAtMs", "last request on a kept connection"],
  ["lastAnswerAtMs", "last answer"],
  ["exitedAtMs", "exit"],
] as const;

const ROOT = "run";
/** The numbers of OTLP's enumerations. */
const KIND_INTERNAL = 1;
const STATUS_ERROR = 2;

function writeSpan(
  { id, parent = ROOT, name, fromMs, untilMs, attributes, events = [], failed }: Span,
  { runId, zeroMs }: { readonly runId: string; readonly zeroMs: number },
): object {
  const nanos = (atMs: number) => String(BigInt(Math.round((zeroMs + atMs) * 1_000)) * 1_000n);
  const spanId = (of: string) => hash(`${runId} ${of}`, 16);
  return {
    traceId: hash(runId, 32),
    spanId: spanId(id),
    ...(id !== ROOT && { parentSpanId: spanId(parent) }),
    name,
    kind: KIND_INTERNAL,
    startTimeUnixNano: nanos(fromMs),
    endTimeUnixNano: nanos(Math.max(fromMs, untilMs)),
    attributes: attributesOf(attributes satisfies Attributes),
    events: events.map(({ name: event, atMs }) => ({ name: event, timeUnixNano: nanos(atMs) })),
    status: failed === undefined ? {} : { code: STATUS_ERROR, message: failed },
  };
}

function hash(text: string, hexDigits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, hexDigits);
}
