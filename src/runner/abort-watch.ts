import {
  type AbortConditions,
  type LoadMoment,
  tooLittleCapacity,
  tooManyErrors,
} from "#domain/abort-conditions.ts";
import { type ClusterView, readyEndpoints } from "#domain/cluster-view.ts";
import { HarnessError } from "#domain/errors.ts";
import type { Clock } from "#ports/clock.ts";
import type { LoadProgress } from "#ports/load-driver.ts";

/** More than the window of the error rate holds, at several moments a second. */
const MOMENTS_KEPT = 200;

/** Watches a run's abort conditions and calls `onMet` once, with what was met. */
export class AbortWatch {
  readonly #conditions: AbortConditions;
  readonly #onMet: (error: HarnessError) => void;
  #moments: LoadMoment[] = [];
  #watching = false;

  constructor(conditions: AbortConditions, onMet: (error: HarnessError) => void) {
    this.#conditions = conditions;
    this.#onMet = onMet;
  }

  /** From now on; until the signal aborts. While the workload starts, it has every right to be away. */
  begin(clock: Clock, signal: AbortSignal): void {
    this.#watching = true;
    signal.addEventListener("abort", () => this.#end(), { once: true });
    const { afterMs } = this.#conditions;
    if (afterMs === undefined) return;
    clock.sleep(afterMs, signal).then(
      () => this.#met(`it had not come to its end ${afterMs / 1000} s after its load began`),
      () => undefined, // it came to its end
    );
  }

  seeLoad(progress: readonly LoadProgress[], atMs: number): void {
    const requests = progress.reduce((sum, one) => sum + one.requests, 0);
    const failures = progress.reduce((sum, one) => sum + one.failures, 0);
    this.#moments = [...this.#moments, { atMs, requests, failures }].slice(-MOMENTS_KEPT);
    this.#met(tooManyErrors(this.#moments, this.#conditions));
  }

  seeCluster(view: ClusterView): void {
    const { workload } = view;
    if (workload === undefined) return;
    const counts = { ready: readyEndpoints(view).size, desired: workload.desired };
    this.#met(tooLittleCapacity(counts, this.#conditions));
  }

  #met(sentence: string | undefined): void {
    if (sentence === undefined || !this.#watching) return;
    this.#end();
    this.#onMet(
      new HarnessError("ABORTED", `The run was stopped by its abort condition: ${sentence}.`, {
        hint: "The load was drained and what was changed was put back; the report shows what was seen until then. `abort` in scenario.yaml states the conditions.",
      }),
    );
  }

  #end(): void {
    this.#watching = false;
  }
}
