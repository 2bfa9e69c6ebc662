import { type Disruption, describeDisruption } from "#domain/disruption.ts";
import type { Phase, PhaseName } from "#domain/phase.ts";
import type { PromiseStanding } from "#domain/promise-standing.ts";
import type { SeriesPoint } from "#domain/report.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { LoadProgress } from "#ports/load-driver.ts";
import type { Progress } from "#ports/progress.ts";

/** How long one point of a live chart covers at first. */
const FIRST_BUCKET_MS = 500;

/** Drawn four times a second in the process that stamps the observations: a long run is drawn more coarsely. */
const MOST_POINTS = 400;

/** What a page shows of one run while it goes on; the history on disk is the truth, and says much more. */
export class LiveRun implements Progress {
  readonly scenario: string;
  readonly #changed: () => void;
  readonly #phases: Phase[] = [];
  readonly #series = new Map<string, SeriesPoint[]>();
  #bucketMs = FIRST_BUCKET_MS;
  #nowMs = 0;
  podStates: Readonly<Record<string, number>> = {};
  standings: readonly PromiseStanding[] = [];
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

  /** How long one point of the series covers by now. */
  get bucketMs(): number {
    return this.#bucketMs;
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

  /** They come with the load, which is what draws the page anew. */
  promises(standings: readonly PromiseStanding[]): void {
    this.standings = standings;
  }

  finish(outcome: NonNullable<LiveRun["outcome"]>): void {
    this.outcome = outcome;
    this.#changed();
  }

  #count({ stream, requests, failures }: LoadProgress, atMs: number): void {
    const points = this.#series.get(stream) ?? [];
    this.#series.set(stream, points);
    add(points, { stream, atMs, requests, failures }, this.#bucketMs);
    if (points.length > MOST_POINTS) this.#drawMoreCoarsely();
  }

  #drawMoreCoarsely(): void {
    this.#bucketMs *= 2;
    for (const [stream, fine] of this.#series) {
      const coarse: SeriesPoint[] = [];
      for (const point of fine) add(coarse, point, this.#bucketMs);
      this.#series.set(stream, coarse);
    }
  }
}

/** To the last point where it falls into the same bucket, else as the next one. */
function add(points: SeriesPoint[], point: SeriesPoint, bucketMs: number): void {
  const atMs = Math.floor(point.atMs / bucketMs) * bucketMs;
  const last = points.at(-1);
  if (last?.atMs !== atMs) {
    points.push({ ...point, atMs });
    return;
  }
  const requests = last.requests + point.requests;
  points[points.length - 1] = { ...last, requests, failures: last.failures + point.failures };
}
