import type { LoadPlan, LoadProgress, LoadResult } from "#ports/load-driver.ts";
import type { LoadCertificate } from "./certify-load.ts";

/** From the process that runs the load. */
export type LoadReport =
  | { readonly type: "prepared" }
  | { readonly type: "started" }
  | { readonly type: "progress"; readonly progress: readonly LoadProgress[] }
  | { readonly type: "result"; readonly result: LoadResult }
  | { readonly type: "failed"; readonly failure: LoadFailure };

/** From the process that certifies the load. */
export type CertifyReport =
  | { readonly type: "certified"; readonly certificate: LoadCertificate }
  | { readonly type: "failed"; readonly failure: LoadFailure };

/** A HarnessError, taken apart, because classes do not survive the way between processes. */
export interface LoadFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** To the process that runs the load. */
export type LoadCommand = LoadStart | LoadBegin | LoadStop;

/** Lets the first request be due: now, or at an instant of the run that several workers have in common. */
interface LoadBegin {
  readonly type: "begin";
  readonly atMs?: number;
}

/** Nothing is due after now, or after that instant of the run. */
interface LoadStop {
  readonly type: "stop";
  readonly atMs?: number;
}

/** The first command, and the only one that carries data. */
export interface LoadStart {
  readonly type: "start";
  readonly plan: LoadPlan;
  /** The run's zero on the monotonic clock that all processes of the machine share. */
  readonly zeroMs: number;
}
