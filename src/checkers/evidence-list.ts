import type { Exchange } from "#domain/exchange.ts";
import type { Evidence } from "#domain/measurement.ts";
import { EVIDENCE_LIMIT } from "./checker.ts";

/** Counts every case and keeps the first few, so that evidence stays small however bad a run was. */
export class EvidenceList {
  readonly #exchanges: Exchange[] = [];
  readonly #notes: string[] = [];
  #total = 0;

  add(exchange: Exchange): void {
    this.#total += 1;
    if (this.#exchanges.length < EVIDENCE_LIMIT) this.#exchanges.push(exchange);
  }

  note(text: string): void {
    this.#total += 1;
    if (this.#notes.length < EVIDENCE_LIMIT) this.#notes.push(text);
  }

  get total(): number {
    return this.#total;
  }

  toEvidence(): Evidence {
    return { total: this.#total, exchanges: this.#exchanges, notes: this.#notes };
  }
}
