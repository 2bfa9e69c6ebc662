import type { StreamAccount } from "#domain/history.ts";
import type { FaultTruthReport } from "./faults/fault-truth.ts";

/** A request that was sent, and whether the ledger says that it got its answer. */
export interface TriedRequest {
  /** As the server knows it: key and path. */
  readonly name: string;
  readonly ok: boolean;
}

/** What the load says of one stream, and what the server says of everything. */
export interface Testimony {
  readonly account: StreamAccount;
  readonly requests: readonly TriedRequest[];
  readonly truth: FaultTruthReport;
}

/** Every way in which the books of a stream differ from what the server did; none if they are exact. */
export function objectionsTo({ account, requests, truth }: Testimony): readonly string[] {
  const { stream, scheduled, ok, failed, indeterminate, undelivered } = account;
  const objections = account.harnessFailures.map((failure) => `${stream}: ${failure}`);
  if (scheduled !== ok + failed + indeterminate + undelivered)
    objections.push(`${stream}: the sums do not add up to ${scheduled}.`);
  if (requests.length !== scheduled - undelivered)
    objections.push(
      `${stream}: ${requests.length} requests are in the ledger, not ${scheduled - undelivered}.`,
    );
  const answered = new Set(truth.ok);
  const counted = requests.filter((request) => request.ok !== answered.has(request.name));
  if (counted.length > 0)
    objections.push(
      `${stream}: ${counted.length} requests are counted otherwise than the server saw them, such as ${counted[0]?.name}.`,
    );
  return objections;
}
