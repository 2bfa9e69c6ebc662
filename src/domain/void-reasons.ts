import type { HistoryClosing, StreamAccount } from "./history.ts";

/** With more than this share of late sends the machine was too slow to tell its own faults from the workload's. */
const LATE_LIMIT = 0.01;

/** Why a run proves nothing, not even a failure; empty for every run that can be judged. */
export function voidReasons({
  brokenOff,
  streams,
  workers = [],
}: HistoryClosing): readonly string[] {
  return [
    ...(brokenOff === undefined ? [] : [`The run broke off: ${brokenOff}`]),
    ...workers.flatMap(({ name, lost }) =>
      lost === undefined ? [] : [`The ${name} was lost: ${lost}`],
    ),
    ...streams.flatMap(accountBreach),
    ...lateness(streams),
  ];
}

function accountBreach(account: StreamAccount): readonly string[] {
  const { stream, scheduled, ok, failed, indeterminate, undelivered } = account;
  const settled = ok + failed + indeterminate + undelivered;
  const breaches = account.harnessFailures.map(
    (failure) => `The load generator itself failed on ${stream}: ${failure}`,
  );
  return settled === scheduled
    ? breaches
    : [
        `The ledger of ${stream} does not add up: ${scheduled} scheduled, ${settled} settled.`,
        ...breaches,
      ];
}

/** Over all streams: one late request of a rare stream would be more than 1 % of it. */
function lateness(streams: readonly StreamAccount[]): readonly string[] {
  const scheduled = streams.reduce((sum, stream) => sum + stream.scheduled, 0);
  const late = streams.reduce((sum, stream) => sum + stream.late, 0);
  return scheduled > 0 && late / scheduled > LATE_LIMIT
    ? [
        `${late} of ${scheduled} requests were sent more than 10 ms late: this machine was too busy.`,
      ]
    : [];
}
