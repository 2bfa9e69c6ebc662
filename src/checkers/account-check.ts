import type { Exchange } from "#domain/exchange.ts";
import type { History, StreamAccount } from "#domain/history.ts";

type Outcome = Exchange["outcome"]["type"];
type Counts = Record<Outcome, number>;

/**
 * Holds the ledger on disk against the sums that the load gave when it ended. A file that is missing or
 * cut short would otherwise look like a load without failures.
 */
export class AccountCheck {
  readonly #counts = new Map<string, Counts>();

  see({ stream, outcome }: Exchange): void {
    let counts = this.#counts.get(stream);
    if (counts === undefined) {
      counts = { ok: 0, failed: 0, indeterminate: 0, undelivered: 0 };
      this.#counts.set(stream, counts);
    }
    counts[outcome.type] += 1;
  }

  /** Why the ledger cannot be trusted; nothing for a run that broke off, which is void already. */
  breaches({ header, closing }: History): readonly string[] {
    if (closing.brokenOff !== undefined) return [];
    const unfinished = ["control", "recovery"].filter(
      (name) => closing.phases.find((phase) => phase.name === name)?.endedAtMs === undefined,
    );
    return [
      ...unfinished.map((name) => `The run has no finished ${name} phase.`),
      ...header.load.flatMap(({ name }) => {
        const account = closing.streams.find(({ stream }) => stream === name);
        if (account === undefined) return [`The load gave no account of its stream ${name}.`];
        return this.#agrees(account)
          ? []
          : [`The ledger of ${name} is not what the load accounted for.`];
      }),
    ];
  }

  #agrees(account: StreamAccount): boolean {
    const counts = this.#counts.get(account.stream);
    return (["ok", "failed", "indeterminate", "undelivered"] as const).every(
      (outcome) => (counts?.[outcome] ?? 0) === account[outcome],
    );
  }
}
