import type { MachineReading } from "#domain/machine-share.ts";

/** The machine that this process runs on. */
export interface Machine {
  /** Undefined where it does not tell. */
  read(): Promise<MachineReading | undefined>;
}
