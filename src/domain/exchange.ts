/**
 * One request and everything we learned about it. Instants are milliseconds since the run began, on
 * the monotonic clock of the process that sent it.
 *
 *   scheduled ──► sent ──► connected ──► first byte ──► ended
 */
export interface Exchange {
  /** Unique within its stream, in the order of scheduling. */
  readonly seq: number;
  /** The name of the load stream; streams fail differently and are never merged. */
  readonly stream: string;
  /** When the pacer wanted it sent. Latency counts from here, so a stalled client cannot hide a stall. */
  readonly scheduledAtMs: number;
  /** When it was handed to the connection (or the connect began); equals `scheduledAtMs` if undelivered. */
  readonly sentAtMs: number;
  /** When its connection was established; absent when it never was. */
  readonly connectedAtMs?: number | undefined;
  readonly firstByteAtMs?: number | undefined;
  readonly endedAtMs: number;
  readonly connection: "new" | "reused";
  /** Counts connections within the stream, so that requests of one connection can be told. */
  readonly connectionId: number;
  /** Known from the beginning of the connect, so that one which was refused can be told by it, too. */
  readonly localPort?: number | undefined;
  /** Where its connection was opened: a place among the load's entrances, from 1. */
  readonly entrance?: number | undefined;
  /** The pod that answered, from its response header; absent when nobody answered. */
  readonly servedBy?: string | undefined;
  readonly bytes: number;
  /** Sent more than 10 ms after it was due: the generator, not the workload, was slow. */
  readonly late: boolean;
  readonly outcome: Outcome;
}

/**
 * `indeterminate` means the server may have done the work: the answer was lost, not the request.
 * `undelivered` means the generator never sent it, so it says nothing about the workload.
 */
export type Outcome =
  | { readonly type: "ok"; readonly status: number }
  | { readonly type: "failed"; readonly reason: FailureClass; readonly status?: number }
  | { readonly type: "indeterminate"; readonly reason: FailureClass; readonly status?: number }
  | { readonly type: "undelivered"; readonly reason: UndeliveredReason };

/**
 * `generator-failure` is this machine's refusal (no file descriptor, no local port) before anything was
 * sent. The ledger stores the place in the list, so new reasons go to its end.
 */
export const UNDELIVERED_REASONS = ["no-free-connection", "stopped", "generator-failure"] as const;
/** Why the generator did not send; `no-free-connection` is a workload that held all of them, or too few. */
export type UndeliveredReason = (typeof UNDELIVERED_REASONS)[number];

/**
 * What happened, not the status alone. `closed-after-idle` is the keep-alive race: a reused connection
 * closed without an answer just after it was idle. `unexpected-answer` is a complete answer that the
 * stream's expectations refuse. The ledger stores the place in the list, so new classes go to its end.
 */
export const FAILURE_CLASSES = [
  "connect-refused",
  "connect-timeout",
  "no-route",
  "dns",
  "reset-before-response",
  "closed-before-response",
  "closed-after-idle",
  "closed-in-headers",
  "truncated-body",
  "reset-in-body",
  "headers-timeout",
  "body-timeout",
  "protocol",
  "server-error",
  "server-error-and-close",
  "unexpected-answer",
  "aborted-by-stop",
] as const;
/** One class per exchange, and every class is counted apart. */
export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** Surely dropped: it was sent and no complete answer came, whatever the reason. */
export function isDropped({ outcome }: Exchange): boolean {
  if (outcome.type !== "failed" && outcome.type !== "indeterminate") return false;
  switch (outcome.reason) {
    case "server-error":
    case "server-error-and-close":
    case "unexpected-answer":
    case "aborted-by-stop":
      return false;
    case "connect-refused":
    case "connect-timeout":
    case "no-route":
    case "dns":
    case "reset-before-response":
    case "closed-before-response":
    case "closed-after-idle":
    case "closed-in-headers":
    case "truncated-body":
    case "reset-in-body":
    case "headers-timeout":
    case "body-timeout":
    case "protocol":
      return true;
  }
}
