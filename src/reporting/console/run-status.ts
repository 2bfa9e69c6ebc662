import type { PhaseName } from "#domain/phase.ts";
import type { LoadProgress } from "#ports/load-driver.ts";
import { formatCount } from "#reporting/format-quantity.ts";
import { visibleLine } from "#reporting/visible-text.ts";

/** What can be said of a run while it goes on, in one line. */
export class RunStatus {
  #phase: PhaseName | undefined;
  #atMs = 0;
  #pods: Readonly<Record<string, number>> = {};
  #requests = 0;
  #failures = 0;
  #inFlight: number | undefined;
  #perSecond: number | undefined;
  /** Where the counting of the present rate began; the first report has no beginning that is known. */
  #rateFrom: { readonly atMs: number; readonly requests: number } | undefined;

  enter(phase: PhaseName, atMs: number): void {
    this.#phase = phase;
    this.#atMs = atMs;
    // No load flows any more, so its last rate would be a lie.
    if (phase === "drain" || phase === "teardown") {
      this.#perSecond = undefined;
      this.#inFlight = undefined;
    }
  }

  set pods(states: Readonly<Record<string, number>>) {
    this.#pods = states;
  }

  addLoad(load: readonly LoadProgress[], atMs: number): void {
    this.#atMs = atMs;
    this.#requests += load.reduce((sum, { requests }) => sum + requests, 0);
    this.#failures += load.reduce((sum, { failures }) => sum + failures, 0);
    this.#inFlight = load.reduce((sum, { inFlight }) => sum + inFlight, 0);
    const from = this.#rateFrom;
    if (from !== undefined && atMs - from.atMs < RATE_OVER_MS) return;
    if (from !== undefined) {
      this.#perSecond = ((this.#requests - from.requests) * 1000) / (atMs - from.atMs);
    }
    this.#rateFrom = { atMs, requests: this.#requests };
  }

  /** `  12.4 s  disruption  462/s  12,400 requests  3 failed  18 in flight  pods: 9 ready`. */
  describe(): string {
    const pods = Object.entries(this.#pods)
      .filter(([, count]) => count > 0)
      .map(([state, count]) => `${formatCount(count)} ${visibleLine(state)}`);
    const counts = [
      `${formatCount(this.#requests)} requests`,
      `${formatCount(this.#failures)} failed`,
    ];
    return [
      stamp(this.#atMs),
      this.#phase ?? "setup",
      ...(this.#perSecond === undefined ? [] : [`${formatCount(Math.round(this.#perSecond))}/s`]),
      ...(this.#rateFrom === undefined ? [] : counts),
      ...(this.#inFlight === undefined ? [] : [`${formatCount(this.#inFlight)} in flight`]),
      ...(pods.length === 0 ? [] : [`pods: ${pods.join(", ")}`]),
    ].join("  ");
  }
}

/** Reports come more often than a rate is worth reading; a little early still counts as a second. */
const RATE_OVER_MS = 950;

function stamp(atMs: number): string {
  return `${(atMs / 1000).toFixed(1).padStart(6)} s`;
}
