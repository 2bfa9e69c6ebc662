import type { Exchange } from "#domain/exchange.ts";
import { exposureWindows, mergeSpans, overlapsAny, type Span } from "#domain/exposure-windows.ts";
import type { History } from "#domain/history.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import type { PhaseName } from "#domain/phase.ts";
import { rebuildTerminations } from "#domain/rebuild-terminations.ts";
import type { ExposureWindow, Termination } from "#domain/termination.ts";

/** What every checker needs of a history beyond its exchanges, worked out once. */
export interface RunFacts {
  readonly history: History;
  readonly terminations: readonly Termination[];
  readonly windows: readonly ExposureWindow[];
  /** The windows without overlaps. */
  readonly exposed: readonly Span[];
  /** From the start of the control phase to the end of recovery: when steady load was offered. */
  readonly load: Span;
  /** When the first request was due. */
  readonly loadStartedAtMs: number;
  /** Whether an exchange's life overlaps an exposure window. */
  isExposed(exchange: Exchange): boolean;
  streamOf(name: string): LoadStream | undefined;
}

export function gatherFacts(history: History): RunFacts {
  const load = {
    fromMs: boundary(history, "control", "startedAtMs") ?? 0,
    untilMs: boundary(history, "recovery", "endedAtMs") ?? Number.POSITIVE_INFINITY,
  };
  const terminations = rebuildTerminations(history.observations);
  const windows = exposureWindows(terminations, {
    marginMs: history.header.marginMs,
    loadEndedAtMs: load.untilMs,
  });
  const exposed = mergeSpans(windows);
  const streams = new Map(history.header.load.map((stream) => [stream.name, stream]));
  return {
    history,
    terminations,
    windows,
    exposed,
    load,
    loadStartedAtMs: boundary(history, "warm-up", "startedAtMs") ?? load.fromMs,
    isExposed: ({ sentAtMs, endedAtMs }) => overlapsAny(exposed, sentAtMs, endedAtMs),
    streamOf: (name) => streams.get(name),
  };
}

function boundary(history: History, name: PhaseName, edge: "startedAtMs" | "endedAtMs") {
  return history.closing.phases.find((phase) => phase.name === name)?.[edge];
}
