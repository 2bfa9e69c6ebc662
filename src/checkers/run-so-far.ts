import type { Exchange } from "#domain/exchange.ts";
import type { HistoryHeader, StreamAccount } from "#domain/history.ts";
import type { Observation } from "#domain/observation.ts";
import type { Phase } from "#domain/phase.ts";
import { podLanes } from "#domain/pod-lanes.ts";
import type { TimelineFacts } from "#domain/report.ts";
import { Attributor } from "./attribution.ts";
import { failureMark } from "./failure-marks.ts";
import { LoadSeries } from "./load-series.ts";
import { PodsOfConnections } from "./pods-of-connections.ts";
import { gatherFacts, type RunFacts } from "./run-facts.ts";
import { SlowAnswers } from "./slow-answers.ts";

/** Of a run that goes on fewer are drawn than in its report: each drawing is made anew. */
const MARK_LIMIT = 1_000;

/** What has no place on the timeline and in no pod's story; a run of hours has very many of them. */
const UNDRAWN: ReadonlySet<Observation["type"]> = new Set(["usage", "machine", "witness"]);

/**
 * What can be drawn of a run while it is recorded. Each exchange and each observation is seen once; what is
 * kept of the exchanges does not grow with their number. It judges nothing.
 */
export class RunSoFar {
  readonly #header: HistoryHeader;
  readonly #observations: Observation[] = [];
  readonly #connections = new PodsOfConnections();
  readonly #series = new LoadSeries(undefined);
  readonly #slow = new SlowAnswers([]);
  readonly #failed: Exchange[] = [];
  readonly #accounts = new Map<string, Writable<StreamAccount>>();
  /** Worked out from the observations, anew when there are more of them or a phase begins. */
  #facts: RunFacts | undefined;
  #phases: readonly Phase[] = [];

  constructor(header: HistoryHeader) {
    this.#header = header;
  }

  /** Before the exchanges of the time in which they go on; always the same list while none begins. */
  seePhases(phases: readonly Phase[], nowMs: number): void {
    if (phases !== this.#phases) this.#facts = undefined;
    this.#phases = phases;
    this.#slow.seePhases(phases.map((phase) => ({ endedAtMs: nowMs, ...phase })));
  }

  observe(observation: Observation): void {
    if (UNDRAWN.has(observation.type)) return;
    this.#observations.push(observation);
    this.#facts = undefined;
  }

  see(exchange: Exchange): void {
    this.#connections.see(exchange);
    this.#series.see(exchange);
    this.#slow.see(exchange);
    const { stream, outcome } = exchange;
    const account = this.#accounts.get(stream) ?? { ...NOTHING, stream };
    this.#accounts.set(stream, account);
    account.scheduled += 1;
    account[outcome.type] += 1;
    const isFailure = outcome.type === "failed" || outcome.type === "indeterminate";
    if (isFailure && this.#failed.length < MARK_LIMIT) this.#failed.push(exchange);
  }

  draw(): TimelineFacts {
    const closing = { phases: this.#phases, streams: [...this.#accounts.values()] };
    this.#facts ??= gatherFacts({
      ...{ header: this.#header, closing: { phases: this.#phases, streams: [] } },
      ...{ observations: this.#observations, exchanges: [], transactions: [] },
    });
    const { terminations, windows } = this.#facts;
    const attributor = new Attributor(this.#facts, this.#connections);
    return {
      ...{ header: this.#header, closing, terminations, windows },
      lanes: podLanes(this.#observations, terminations),
      actions: this.#observations.filter((one) => one.type === "action"),
      series: this.#series.points(),
      seriesBucketMs: this.#series.bucketMs,
      marks: this.#failed.flatMap((one) => failureMark(one, attributor.blame(one))),
      slow: this.#slow.marks(),
    };
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const NOTHING = {
  ...{ scheduled: 0, ok: 0, failed: 0, indeterminate: 0, undelivered: 0, late: 0 },
  ...{ worstLoopDelayMs: 0, harnessFailures: [] },
};
