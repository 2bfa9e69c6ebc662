import type { UndoStep } from "#domain/undo-step.ts";

/** What a run will have to put back. It survives the process. */
export interface UndoLog {
  /** Resolves once the step would survive a power cut; only then may the change be made. */
  record(step: UndoStep): Promise<void>;
  /** What was recorded, oldest first. */
  readonly steps: readonly UndoStep[];
  /** One step less, which was taken back while the run goes on. */
  forget(step: UndoStep): Promise<void>;
  /**
   * Keeps these steps only; with none left, nothing remains of the log. `ended` says that they are left on
   * purpose; without it they wait for another try.
   */
  keep(steps: readonly UndoStep[], state: { readonly ended: boolean }): Promise<void>;
}
