import type { Exchange } from "#domain/exchange.ts";
import type { Observation } from "#domain/observation.ts";
import type { AttributionSummary } from "#domain/report.ts";
import type { Attributor, Blame } from "./attribution.ts";

/** Counts how surely each failure was placed on a pod, and holds the data path against the pods' own words. */
export class PlacedFailures {
  readonly #attributor: Attributor;
  readonly #hears: AttributionSummary["dataPath"];
  readonly #counts = {
    ...{ answer: 0, "data-path": 0, nobody: 0 },
    ...{ "same-connection": 0, inferred: 0, unknown: 0 },
  };
  #compared = 0;
  #contradicted = 0;

  constructor(attributor: Attributor, observations: readonly Observation[]) {
    this.#attributor = attributor;
    const said = observations.filter((each) => each.type === "witness");
    const heard = said.some((each) => each.heard);
    this.#hears = heard ? "heard" : said.length > 0 ? "silent" : "not-there";
  }

  see(exchange: Exchange): void {
    const { outcome, servedBy, connection } = exchange;
    if (servedBy !== undefined && connection === "new" && this.#hears === "heard") {
      this.#compare(servedBy, exchange);
    }
    if (outcome.type === "ok" || outcome.type === "undelivered") return;
    this.#counts[gradeOf(this.#attributor.blame(exchange))] += 1;
  }

  finish(): AttributionSummary {
    const counts = this.#counts;
    return {
      failures: Object.values(counts).reduce((sum, count) => sum + count, 0),
      provenByAnswer: counts.answer,
      provenByDataPath: counts["data-path"],
      ledToNobody: counts.nobody,
      sameConnection: counts["same-connection"],
      inferred: counts.inferred,
      unknown: counts.unknown,
      dataPath: this.#hears,
      contradicted: this.#contradicted,
      compared: this.#compared,
    };
  }

  #compare(servedBy: string, exchange: Exchange): void {
    const led = this.#attributor.ledTo(exchange);
    if (led === undefined) return;
    this.#compared += 1;
    if (led !== servedBy) this.#contradicted += 1;
  }
}

function gradeOf({ attribution, provenBy, ledToNobody }: Blame) {
  if (ledToNobody === true) return "nobody";
  return attribution === "proven" ? (provenBy ?? "answer") : attribution;
}
