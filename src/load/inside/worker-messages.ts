import type { Audit } from "#domain/transaction.ts";
import type { LoadFailure } from "#load/load-messages.ts";
import type { LoadPlan, LoadProgress, LoadResult } from "#ports/load-driver.ts";

/** To a worker inside the cluster, one line of JSON each on its standard input. */
export type WorkerCommand =
  /** Asks what its clock says: for the alignment, and to show that somebody still wants the load. */
  | { readonly type: "ping"; readonly id: number }
  | {
      readonly type: "prepare";
      /** Its folder is the worker's own affair. */
      readonly plan: LoadPlan;
      /** The run's zero on the worker's own clock. */
      readonly zeroMs: number;
      /** Whether this is the worker that reads the audit. */
      readonly audits: boolean;
    }
  | { readonly type: "begin"; readonly atMs: number }
  | { readonly type: "stop"; readonly atMs: number }
  /** With the keys that the workload acknowledged to any of the workers. */
  | { readonly type: "audit"; readonly acknowledged: readonly string[] };

/** From a worker, each a frame on its standard output; see frames.ts. */
export type WorkerReport =
  | { readonly type: "pong"; readonly id: number; readonly atMs: number }
  | { readonly type: "prepared" }
  | { readonly type: "started" }
  | { readonly type: "progress"; readonly progress: readonly LoadProgress[] }
  /** The next part of one of its files, which follows the report. */
  | { readonly type: "file"; readonly name: string }
  /** All files are there; how long each is. */
  | {
      readonly type: "result";
      readonly result: LoadResult;
      readonly sizes: Readonly<Record<string, number>>;
    }
  | { readonly type: "audit"; readonly audit: Audit }
  | { readonly type: "failed"; readonly failure: LoadFailure };
