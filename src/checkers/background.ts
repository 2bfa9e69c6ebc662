import { upperBound } from "#domain/confidence.ts";
import type { Exchange } from "#domain/exchange.ts";
import { partAt, type RunFacts } from "./run-facts.ts";

interface Count {
  requests: number;
  failures: number;
}

/**
 * What happened to requests that met no leaving pod.
 *
 * Before the first deletion that is the control, which nobody's leaving explains. Afterwards it should be
 * no worse: if it is, the pods that came, and not those that left, may be at fault.
 */
export class Background {
  readonly #facts: RunFacts;
  readonly #before: Count = { requests: 0, failures: 0 };
  readonly #after: Count = { requests: 0, failures: 0 };
  /** Of each part of the history. */
  readonly #firstExposedAtMs: readonly number[];

  constructor(facts: RunFacts) {
    this.#facts = facts;
    this.#firstExposedAtMs = facts.parts.map(
      ({ span }) =>
        facts.exposed.find(({ fromMs }) => fromMs >= span.fromMs && fromMs <= span.untilMs)
          ?.fromMs ?? Number.POSITIVE_INFINITY,
    );
  }

  see(exchange: Exchange): void {
    const { outcome, sentAtMs } = exchange;
    if (outcome.type === "undelivered" || this.#facts.isExposed(exchange)) return;
    const firstExposedAtMs = this.#firstExposedAtMs[partAt(this.#facts.parts, sentAtMs)] ?? 0;
    const count = sentAtMs < firstExposedAtMs ? this.#before : this.#after;
    count.requests += 1;
    if (outcome.type !== "ok") count.failures += 1;
  }

  get counts(): { readonly requests: number; readonly failures: number } {
    return {
      requests: this.#before.requests + this.#after.requests,
      failures: this.#before.failures + this.#after.failures,
    };
  }

  get doubts(): readonly string[] {
    const { requests, failures } = this.#after;
    if (failures === 0) return [];
    const expected = upperBound(this.#before.failures, this.#before.requests);
    return failures / requests <= expected
      ? []
      : [
          `${failures} of ${requests} requests failed after the first deletion and outside every exposure, ` +
            `more than the ${this.#before.failures} of ${this.#before.requests} before it explain.`,
        ];
  }
}
