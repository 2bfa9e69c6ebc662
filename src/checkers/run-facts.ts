import { confidencePerLook } from "#domain/confidence.ts";
import type { Exchange } from "#domain/exchange.ts";
import { exposureWindows, mergeSpans, overlapsAny, type Span } from "#domain/exposure-windows.ts";
import type { History, HistoryClosing } from "#domain/history.ts";
import { Leavings } from "#domain/leavings.ts";
import type { PhaseName } from "#domain/phase.ts";
import { PodLives } from "#domain/pod-lives.ts";
import { rebuildTerminations } from "#domain/rebuild-terminations.ts";
import type { ExposureWindow, Termination } from "#domain/termination.ts";
import { findStarvation, type Starvation } from "./starved-machine.ts";

/** What every checker needs of a history beyond its exchanges, worked out once. */
export interface RunFacts {
  readonly history: History;
  /** Those that the load could meet; a workload that is replaced during setup leaves unasked. */
  readonly terminations: readonly Termination[];
  /** One for each termination, in the same order. */
  readonly windows: readonly ExposureWindow[];
  /** The windows without overlaps. */
  readonly exposed: readonly Span[];
  /** The repetitions of a pooled history in their order; a plain run is one part. */
  readonly parts: readonly RunPart[];
  readonly lives: PodLives;
  readonly leavings: Leavings;
  /** Of each bound: 95 %, or more where a series of repetitions may end after any of them. */
  readonly confidence: number;
  /** Where others had the machine while pods were leaving. */
  readonly starvation: Starvation | undefined;
  /** Whether an exchange's life overlaps an exposure window. */
  isExposed(exchange: Exchange): boolean;
}

/** One run, or one repetition within a pooled history. */
export interface RunPart {
  readonly span: Span;
  /** From the start of the control phase to the end of recovery: when steady load was offered. */
  readonly load: Span;
  /** When the first request was due. */
  readonly loadStartedAtMs: number;
  readonly terminations: readonly Termination[];
}

/** Reads the observations only; the exchanges stay unread until the one pass over them. */
export function gatherFacts(history: History): RunFacts {
  const { marginMs, pool } = history.header;
  const clockBoundMs = clockBoundOf(history.closing);
  const rebuilt = rebuildTerminations(history.observations).map((one) => ({
    ...one,
    t0UncertaintyMs: one.t0UncertaintyMs + clockBoundMs,
  }));
  const parts = partsOf(history, rebuilt);
  const terminations = parts.flatMap((part) => part.terminations);
  const windows = parts.flatMap((part) =>
    exposureWindows(part.terminations, {
      marginMs: marginMs + clockBoundMs,
      loadEndedAtMs: part.load.untilMs,
    }),
  );
  const exposed = mergeSpans(windows);
  return {
    history,
    terminations,
    windows,
    exposed,
    parts,
    lives: new PodLives(history.observations),
    leavings: new Leavings(terminations),
    confidence: confidencePerLook(pool?.planned ?? 1),
    starvation: findStarvation(history, exposed),
    isExposed: rememberingLast(({ sentAtMs, endedAtMs }) =>
      overlapsAny(exposed, sentAtMs, endedAtMs),
    ),
  };
}

/** What load workers saw is known to this on the clock of whoever watched the pods. */
function clockBoundOf({ workers = [] }: HistoryClosing): number {
  return Math.max(0, ...workers.map((worker) => worker.clockBoundMs));
}

/** All folds ask about one exchange before the next comes, so the last answer is the one that is wanted. */
function rememberingLast(ask: (exchange: Exchange) => boolean): (exchange: Exchange) => boolean {
  let last: Exchange | undefined;
  let answer = false;
  return (exchange) => {
    if (exchange !== last) {
      answer = ask(exchange);
      last = exchange;
    }
    return answer;
  };
}

const WHOLE: Span = { fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY };

function partsOf(
  { header, closing }: History,
  terminations: readonly Termination[],
): readonly RunPart[] {
  return (header.pool?.runs ?? [WHOLE]).map(({ fromMs, untilMs }) => {
    const span = { fromMs, untilMs };
    const phases = closing.phases.filter(({ startedAtMs }) => isWithin(span, startedAtMs));
    const phase = (name: PhaseName) => phases.find((each) => each.name === name);
    const load = {
      fromMs: phase("control")?.startedAtMs ?? Math.max(0, fromMs),
      untilMs: phase("recovery")?.endedAtMs ?? untilMs,
    };
    const loadStartedAtMs = phase("warm-up")?.startedAtMs ?? load.fromMs;
    return {
      span,
      load,
      loadStartedAtMs,
      terminations: terminations.filter(
        ({ deletionRequestedAtMs, goneAtMs = Number.POSITIVE_INFINITY }) =>
          isWithin(span, deletionRequestedAtMs) &&
          deletionRequestedAtMs <= load.untilMs &&
          goneAtMs + header.marginMs >= loadStartedAtMs,
      ),
    };
  });
}

/** Which repetition an instant belongs to, as a place in `parts`; 0 in a plain run. */
export function partAt(parts: readonly RunPart[], atMs: number): number {
  return Math.max(
    0,
    parts.findIndex(({ span }) => isWithin(span, atMs)),
  );
}

function isWithin({ fromMs, untilMs }: Span, atMs: number): boolean {
  return fromMs <= atMs && atMs <= untilMs;
}
