/**
 * The ordered parts of a run. Load flows from `warm-up` to the end of `recovery`; `drain` waits for
 * what is in flight and reads the workload's ledger back.
 */
export const PHASES = [
  "setup",
  "warm-up",
  "control",
  "disruption",
  "recovery",
  "drain",
  "teardown",
] as const;
/** One of the parts, in the order of `PHASES`. */
export type PhaseName = (typeof PHASES)[number];

/** When a phase began and ended; `endedAtMs` is absent while it goes on or when the run broke off. */
export interface Phase {
  readonly name: PhaseName;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** How long the scenario itself asked the phase to wait; the rest is the machine's and ours. */
  readonly demandedMs: number;
}
