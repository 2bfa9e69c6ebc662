import { type Disruption, describeDisruption } from "#domain/disruption.ts";
import { messageOf } from "#domain/errors.ts";
import type { Phase, PhaseName } from "#domain/phase.ts";
import type { PromiseStanding } from "#domain/promise-standing.ts";
import type { TimelineFacts } from "#domain/report.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { LoadProgress } from "#ports/load-driver.ts";
import type { Progress } from "#ports/progress.ts";
import type { FollowRun, RunFollower } from "#ports/run-follower.ts";
import { CountedSeries } from "./counted-series.ts";

/** Of hours of notes nobody reads the first. */
const MOST_NOTES = 100;

/** What a page shows of one run while it goes on; the history on disk is the truth, and says much more. */
export class LiveRun implements Progress {
  readonly scenario: string;
  readonly #followRun: FollowRun;
  readonly #changed: () => void;
  readonly #counted = new CountedSeries();
  #follower: RunFollower | undefined;
  #seen: TimelineFacts | undefined;
  /** A list of its own for each phase: whoever follows tells by that whether one has begun. */
  #phases: readonly Phase[] = [];
  #nowMs = 0;
  podStates: Readonly<Record<string, number>> = {};
  standings: readonly PromiseStanding[] = [];
  readonly notes: string[] = [];
  outcome:
    | { readonly verdict: Verdict; readonly headline: string; readonly link: string }
    | undefined;

  constructor(scenario: string, followRun: FollowRun, changed: () => void) {
    this.scenario = scenario;
    this.#followRun = followRun;
    this.#changed = changed;
  }

  get phases(): readonly Phase[] {
    return this.#phases;
  }

  /** The last instant that anything was heard of. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** What the timeline can show by now; nothing before there is a history. Reads on in it. */
  facts(): TimelineFacts | undefined {
    try {
      const facts = this.#follower?.readOn(this.#phases, this.#nowMs);
      // A load from inside the cluster writes no ledger here before its end.
      if (facts) this.#seen = facts.series.length > 0 ? facts : this.#counted.inPlaceOf(facts);
    } catch (error) {
      this.close();
      this.note(`The history cannot be followed any more: ${messageOf(error)}`);
    }
    return this.#seen;
  }

  recording(directory: string): void {
    this.#follower = this.#followRun(directory);
  }

  phase(name: PhaseName, atMs: number): void {
    const before = this.#phases.slice(0, -1);
    const ended = this.#phases.slice(-1).map((last) => ({ ...last, endedAtMs: atMs }));
    this.#phases = [...before, ...ended, { name, startedAtMs: atMs, demandedMs: 0 }];
    this.#nowMs = atMs;
    this.#changed();
  }

  note(text: string): void {
    this.notes.push(text);
    if (this.notes.length > MOST_NOTES) this.notes.shift();
    this.#changed();
  }

  load(progress: readonly LoadProgress[], atMs: number): void {
    this.#nowMs = atMs;
    this.#counted.see(progress, atMs);
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

  /** What is not yet read of its history can still be, until another run is drawn. */
  finish(outcome: NonNullable<LiveRun["outcome"]>): void {
    this.outcome = outcome;
    this.#changed();
  }

  /** Another run is drawn from now on. */
  forget(): void {
    this.close();
    this.#seen = undefined;
  }

  /** Nothing more is read of its history. */
  close(): void {
    this.#follower?.close();
    this.#follower = undefined;
  }
}
