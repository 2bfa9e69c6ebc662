import type { LoadPlan, LoadProgress, LoadResult } from "#ports/load-driver.ts";

/** What the load's thread is born with. */
export interface LoadWorkerData {
  readonly plan: LoadPlan;
  /** The run's zero on the monotonic clock that all threads share. */
  readonly zeroMs: number;
}

/** From the thread that runs the load. */
export type LoadReport =
  | { readonly type: "started" }
  | { readonly type: "progress"; readonly progress: readonly LoadProgress[] }
  | { readonly type: "result"; readonly result: LoadResult }
  | { readonly type: "failed"; readonly failure: LoadFailure };

/** A HarnessError, taken apart, because classes do not survive the way between threads. */
export interface LoadFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** To the thread that runs the load. */
export interface LoadCommand {
  readonly type: "stop";
}
