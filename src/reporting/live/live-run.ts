import { type Disruption, describeDisruption } from "#domain/disruption.ts";
import type { Phase, PhaseName } from "#domain/phase.ts";
import type { SeriesPoint } from "#domain/report.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { LoadProgress } from "#ports/load-driver.ts";
import type { Progress } from "#ports/progress.ts";

/** How long one point of a live chart covers. */
export const LIVE_BUCKET_MS = 500;

/** What a page shows of one run while it goes on; the history on disk is the truth, and says much more. */
export class LiveRun implements Progress {
  readonly scenario: string;
  readonly #changed: () => void;
  readonly #phases: Phase[] = [];
  readonly #series = new Map<string, SeriesPoint[]>();
  #nowMs = 0;
  podStates: Readonly<Record<string, number>> = {};
  readonly notes: string[] = [];
  inFlight: Readonly<Record<string, number>> = {};
  outcome:
    | { readonly verdict: Verdict; readonly headline: string; readonly link: string }
    | undefined;

  constructor(scenario: string, changed: () => void) {
    this.scenario = scenario;
    this.#changed = changed;
  }

  get phases(): readonly Phase[] {
    return this.#phases;
  }

  get series(): ReadonlyMap<string, readonly SeriesPoint[]> {
    return this.#series;
  }

  /** The last instant that anything was heard of. */
  get nowMs(): number {
    return this.#nowMs;
  }

  phase(name: PhaseName, atMs: number): void {
    const last = this.#phases.pop();
    if (last !== undefined) this.#phases.push({ ...last, endedAtMs: atMs });
    this.#phases.push({ name, startedAtMs: atMs, demandedMs: 0 });
    this.#nowMs = atMs;
    this.#changed();
  }

  note(text: string): void {
    this.notes.push(text);
    this.#changed();
  }

  load(progress: readonly LoadProgress[], atMs: number): void {
    this.#nowMs = atMs;
    this.inFlight = Object.fromEntries(progress.map(({ stream, inFlight }) => [stream, inFlight]));
    for (const each of progress) this.#count(each, atMs);
    this.#changed();
  }

  pods(states: Readonly<Record<string, number>>): void {
    this.podStates = states;
    this.#changed();
  }

  disruption(disruption: Disruption): void {
    this.note(describeDisruption(disruption));
  }

  finish(outcome: NonNullable<LiveRun["outcome"]>): void {
    this.outcome = outcome;
    this.#changed();
  }

  #count({ stream, requests, failures }: LoadProgress, atMs: number): void {
    const points = this.#series.get(stream) ?? [];
    this.#series.set(stream, points);
    const startMs = Math.floor(atMs / LIVE_BUCKET_MS) * LIVE_BUCKET_MS;
    const last = points.at(-1);
    if (last?.atMs !== startMs) {
      points.push({ stream, atMs: startMs, requests, failures });
      return;
    }
    points[points.length - 1] = {
      ...last,
      requests: last.requests + requests,
      failures: last.failures + failures,
    };
  }
}
