import type { FailureClass, Outcome } from "#domain/exchange.ts";
import type { StreamAccount } from "#domain/history.ts";
import { FAULT_CLASSES } from "./faults/fault-classes.ts";
import type { FaultTruthReport } from "./faults/fault-truth.ts";
import type { Fault } from "./faults/faults.ts";

const TIMEOUTS: ReadonlySet<FailureClass> = new Set([
  "connect-timeout",
  "headers-timeout",
  "body-timeout",
]);

/** A request that was sent, and what the ledger says of it. */
export interface TriedRequest {
  /** As the server knows it: key and path. */
  readonly name: string;
  readonly outcome: Outcome;
}

/** What the load says of one stream, and what the server says of everything. */
interface Testimony {
  readonly account: StreamAccount;
  readonly requests: readonly TriedRequest[];
  readonly truth: FaultTruthReport;
}

/** Every way in which the books of a stream differ from what the server did; none if they are exact. */
export function objectionsTo({ account, requests, truth }: Testimony): readonly string[] {
  const faults = new Map(truth.faulted);
  const { stream, scheduled, ok, failed, indeterminate, undelivered } = account;
  const objections = account.harnessFailures.map((failure) => `${stream}: ${failure}`);
  if (scheduled !== ok + failed + indeterminate + undelivered)
    objections.push(`${stream}: the sums do not add up to ${scheduled}.`);
  if (requests.length !== scheduled - undelivered)
    objections.push(
      `${stream}: ${requests.length} requests are in the ledger, not ${scheduled - undelivered}.`,
    );
  const answered = new Set(truth.ok);
  const miscounted = requests.filter(
    ({ name, outcome }) => (outcome.type === "ok") !== answered.has(name),
  );
  if (miscounted.length > 0)
    objections.push(
      `${stream}: ${miscounted.length} requests are counted otherwise than the server saw them, such as ${miscounted[0]?.name}.`,
    );
  const misnamed = requests.find(({ name, outcome }) => !isWellNamed(outcome, faults.get(name)));
  if (misnamed !== undefined)
    objections.push(
      `${stream}: ${misnamed.name} met ${faults.get(misnamed.name)} and is called ${reasonOf(misnamed.outcome)}.`,
    );
  return objections;
}

/** Whether a time-out ended a request that the server did not mean to leave without an answer. */
export function gaveUp({ requests, truth }: Pick<Testimony, "requests" | "truth">): boolean {
  const faults = new Map(truth.faulted);
  return requests.some(({ name, outcome }) => {
    const reason = reasonOf(outcome);
    const fault = faults.get(name);
    return (
      reason !== undefined &&
      TIMEOUTS.has(reason) &&
      (fault === undefined || !FAULT_CLASSES[fault].includes(reason))
    );
  });
}

function isWellNamed(outcome: Outcome, fault: Fault | undefined): boolean {
  const reason = reasonOf(outcome);
  return fault === undefined || reason === undefined || FAULT_CLASSES[fault].includes(reason);
}

function reasonOf(outcome: Outcome): FailureClass | undefined {
  return outcome.type === "failed" || outcome.type === "indeterminate" ? outcome.reason : undefined;
}
