import type { Outcome } from "#domain/exchange.ts";

/** What became of a request, and how sure that is: `reset-before-response, the work may be done`. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.type) {
    case "ok":
      return `answered ${outcome.status}`;
    case "failed":
      return outcome.status === undefined
        ? outcome.reason
        : `${outcome.reason} (status ${outcome.status})`;
    case "indeterminate":
      return outcome.status === undefined
        ? `${outcome.reason}, the work may be done`
        : `${outcome.reason} (status ${outcome.status}), the work may be done`;
    case "undelivered":
      return `never sent: ${outcome.reason}`;
  }
}
