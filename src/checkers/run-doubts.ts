import { overlapsAny } from "#domain/exposure-windows.ts";
import type { StreamAccount } from "#domain/history.ts";
import type { RunFacts } from "./run-facts.ts";

/** What weakens a run as a whole. A void run proves nothing, not even a failure. */
export interface RunDoubts {
  readonly doubts: readonly string[];
  readonly voids: readonly string[];
}

/** With more than this share of late sends the machine was too slow to tell its own faults from the workload's. */
const LATE_LIMIT = 0.01;

/** Asks whether the question was asked at all: did something terminate, under load, seen without gaps? */
export function findRunDoubts(facts: RunFacts): RunDoubts {
  const { closing } = facts.history;
  return {
    voids: [
      ...(closing.brokenOff === undefined ? [] : [`The run broke off: ${closing.brokenOff}`]),
      ...closing.streams.flatMap(accountBreach),
      ...lateness(closing.streams),
    ],
    doubts: [
      ...(facts.terminations.length === 0
        ? ["No pod terminated, so nothing was put to the test."]
        : []),
      ...unchangedRevision(facts),
      ...closing.streams.flatMap(generatorDoubts),
      ...watchGaps(facts),
    ],
  };
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

function generatorDoubts({ stream, scheduled, undelivered }: StreamAccount): readonly string[] {
  const doubts: string[] = [];
  if (scheduled === 0) doubts.push(`The stream ${stream} offered no request.`);
  if (undelivered > 0) {
    doubts.push(`${undelivered} of ${scheduled} requests of ${stream} could not be sent in time.`);
  }
  return doubts;
}

function unchangedRevision({ history, terminations }: RunFacts): readonly string[] {
  const updates = history.header.disruptions.some(({ type }) => type === "rolling-update");
  if (!updates || terminations.length === 0) return [];
  const old = new Set(terminations.map(({ revision }) => revision));
  const changed = history.observations.some(
    (observation) => observation.type === "pod" && !old.has(observation.pod.revision),
  );
  return changed ? [] : ["The rolling update did not change the revision of any pod."];
}

function watchGaps({ history, load }: RunFacts): readonly string[] {
  const gaps = history.observations.filter(
    (observation) =>
      observation.type === "watch-gap" &&
      overlapsAny([load], observation.atMs, observation.untilMs),
  );
  return gaps.length === 0
    ? []
    : [`The watch of the cluster was blind ${gaps.length} time(s) while load was offered.`];
}
