import type { Exchange, Outcome } from "#domain/exchange.ts";
import type { ExchangeRecord } from "#domain/ledger-record.ts";

/** An exchange that is still going on; the ledger takes it when it is settled, once. */
export class OpenExchange implements ExchangeRecord {
  readonly seq: number;
  readonly scheduledAtMs: number;
  sentAtMs: number;
  connectedAtMs: number | undefined = undefined;
  firstByteAtMs: number | undefined = undefined;
  endedAtMs: number;
  connection: Exchange["connection"] = "new";
  connectionId = 0;
  localPort: number | undefined = undefined;
  entrance: number | undefined = undefined;
  pod = 0;
  bytes = 0;
  late = false;
  /** Nothing was sent as long as nobody says otherwise. */
  outcome: Outcome = { type: "undelivered", reason: "stopped" };
  settled = false;

  constructor(seq: number, scheduledAtMs: number) {
    this.seq = seq;
    this.scheduledAtMs = scheduledAtMs;
    this.sentAtMs = scheduledAtMs;
    this.endedAtMs = scheduledAtMs;
  }
}
