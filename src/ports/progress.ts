import type { Disruption } from "#domain/disruption.ts";
import type { PhaseName } from "#domain/phase.ts";
import type { PromiseStanding } from "#domain/promise-standing.ts";
import type { LoadProgress } from "./load-driver.ts";

/** What a person watching the run wants to see, as it happens. */
export interface Progress {
  /** From now on the run is recorded in this folder, which grows. */
  recording(directory: string): void;
  phase(name: PhaseName, atMs: number): void;
  note(text: string): void;
  load(progress: readonly LoadProgress[], atMs: number): void;
  pods(states: Readonly<Record<string, number>>): void;
  disruption(disruption: Disruption): void;
  /** How the promises stand; while the load flows, as often as it is reported. */
  promises(standings: readonly PromiseStanding[]): void;
}
