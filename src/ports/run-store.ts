import type { DataPathWord } from "#domain/data-path-word.ts";
import type { History, HistoryClosing, HistoryHeader } from "#domain/history.ts";
import type { Observation } from "#domain/observation.ts";
import type { Audit } from "#domain/transaction.ts";

/** Where runs are kept: one folder each, written while the run goes on. */
export interface RunStore {
  create(header: HistoryHeader): Promise<RunWriter>;
  /** Reads a finished run; exchanges are streamed from disk at each pass. */
  open(directory: string): Promise<History>;
}

/** One run on its way to the disk; a run whose writer was never closed counts as broken off. */
export interface RunWriter {
  readonly directory: string;
  observe(observation: Observation): void;
  hear(word: DataPathWord): void;
  close(closing: HistoryClosing, audit: Audit | undefined): Promise<void>;
}
