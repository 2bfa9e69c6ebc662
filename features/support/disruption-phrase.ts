import type { Disruption } from "#domain/disruption.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { Phrases } from "./step-registry.ts";

/** A sentence that disturbs the workload; what it names in braces comes in the same order. */
export interface DisruptionPhrase {
  readonly phrases: Phrases;
  readonly about: string;
  readonly disruptionOf: (workload: WorkloadRef, ...args: never[]) => Disruption;
}
