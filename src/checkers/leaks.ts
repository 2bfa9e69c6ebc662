import type { HistoryClosing } from "#domain/history.ts";
import type { Leak } from "#domain/report.ts";
import { type Checker, EVIDENCE_LIMIT } from "./checker.ts";
import { findLeaks, type LeakSearch } from "./find-leaks.ts";
import { partAt } from "./run-facts.ts";

/** How many descriptors and processes did containers hold on to that they should have let go? */
export const leaks: Checker = (facts) => ({
  finish() {
    const search = findLeaks(facts);
    const base = { metric: "leaks", doubts: doubtsOf(search) } as const;
    if (search === undefined) {
      return {
        ...base,
        sample: 0,
        evidence: { total: 0, exchanges: [], notes: [] },
        summary: whyUncounted(facts.history.closing),
      };
    }
    const { leaks, compared } = search;
    const perRun = facts.parts.map((_, part) =>
      sum(leaks.filter(({ atMs }) => partAt(facts.parts, atMs) === part)),
    );
    const total = sum(leaks);
    return {
      ...base,
      value: Math.max(...perRun),
      sample: compared,
      summary:
        total === 0
          ? `${compared} containers held no more after the load than before it`
          : `${total} descriptors and processes that ${new Set(leaks.map(({ uid }) => uid)).size} pods did not let go`,
      evidence: {
        total: leaks.length,
        exchanges: [],
        notes: leaks.slice(0, EVIDENCE_LIMIT).map(describeLeak),
      },
    };
  },
});

/** A kubelet that counts rarely has seen nothing of what a killed container held. */
function doubtsOf(search: LeakSearch | undefined): readonly string[] {
  const kills = search?.uncountedKills ?? 0;
  if (kills === 0) return [];
  return [
    `${kills} containers were killed when their grace was over, and their node did not count what they held just before.`,
  ];
}

/** A run that broke off was not there to ask after its load: no permission would have helped. */
function whyUncounted({ brokenOff }: HistoryClosing): string {
  return brokenOff === undefined
    ? "What the containers hold open was not counted before and after the load. It takes the verb get on nodes/proxy, and a kubelet counts every 10 to 15 s, which is waited for only where leaks are promised."
    : "The run broke off before it was counted what the containers hold open after the load.";
}

function sum(leaks: readonly Leak[]): number {
  return leaks.reduce((total, { count }) => total + count, 0);
}

function describeLeak({ pod, container, of, count, sockets = 0 }: Leak): string {
  const place = `${pod}/${container}`;
  switch (of) {
    case "descriptors":
      return `${place}: ${count} descriptors more than before the load, ${sockets} of them sockets`;
    case "processes":
      return `${place}: ${count} processes more than before the load`;
    case "children":
      return `${place}: ${count} child processes were there when its grace was over`;
  }
}
