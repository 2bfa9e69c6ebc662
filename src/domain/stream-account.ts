import type { StreamAccount } from "./history.ts";

/** The sums of one stream over two ledgers. */
export function addAccounts(a: StreamAccount, b: StreamAccount): StreamAccount {
  return {
    stream: a.stream,
    scheduled: a.scheduled + b.scheduled,
    ok: a.ok + b.ok,
    failed: a.failed + b.failed,
    indeterminate: a.indeterminate + b.indeterminate,
    undelivered: a.undelivered + b.undelivered,
    late: a.late + b.late,
    worstLoopDelayMs: Math.max(a.worstLoopDelayMs, b.worstLoopDelayMs),
    harnessFailures: [...a.harnessFailures, ...b.harnessFailures],
  };
}
