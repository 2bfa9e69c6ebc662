import type { Span } from "#domain/exposure-windows.ts";
import type { Checker } from "./checker.ts";
import { readyEndpoints } from "./ready-endpoints.ts";
import type { RunFacts, RunPart } from "./run-facts.ts";
import { cameWhileWell, whileWell } from "./starved-machine.ts";

/** What was the least share of the desired replicas that was ready for traffic while load was offered? */
export const capacity: Checker = (facts) => ({
  finish() {
    const own = addressesOfOwnPods(facts);
    const parts = facts.parts.map((part) => {
      const ready = readyChanges(facts, part, own);
      return {
        changes: changesUnderLoad(ready, part),
        shares: sharesUnderLoad(facts, part, ready),
      };
    });
    const base = {
      metric: "capacity",
      sample: parts.reduce((sum, { changes }) => sum + changes, 0),
      doubts: [],
      evidence: { total: 0, exchanges: [], notes: [] },
    } as const;
    const leasts = parts.flatMap(({ shares }) => leastOf(shares) ?? []);
    const worst = leastOf(leasts);
    if (worst === undefined || leasts.length < parts.length) {
      return { ...base, summary: "The workload's replicas or its EndpointSlices were not seen." };
    }
    return {
      ...base,
      value: worst.share,
      ...whileWell(facts.starvation, leastWhileWell(facts, parts)),
      cases: leasts.map(({ share }) => share),
      summary: `at least ${worst.ready} ready endpoints of ${worst.desired} desired`,
    };
  },
});

/** It was so from one instant to the next. */
interface Share extends Span {
  readonly ready: number;
  readonly desired: number;
  readonly share: number;
}

interface Change {
  readonly atMs: number;
  readonly count: number;
}

function leastOf(shares: readonly Share[]): Share | undefined {
  return shares.toSorted((a, b) => a.share - b.share)[0];
}

/** A dip that reached into the starved time may be what that made of it, up to its end. */
function leastWhileWell(
  { starvation }: RunFacts,
  parts: readonly { readonly shares: readonly Share[] }[],
): readonly number[] {
  const dips = parts.flatMap(({ shares }) => joinDips(shares));
  const well = dips.filter(({ fromMs, untilMs }) => cameWhileWell(starvation, fromMs, untilMs));
  return well.map(({ share }) => share);
}

/** What was less than was desired, from the first pod that was missing until none was, is one. */
function joinDips(shares: readonly Share[]): readonly Share[] {
  const dips: Share[] = [];
  for (const share of shares) {
    const last = dips.at(-1);
    if (last === undefined || last.share >= 1 || share.share >= 1) dips.push(share);
    else {
      const least = Math.min(last.share, share.share);
      dips[dips.length - 1] = { ...last, share: least, untilMs: share.untilMs };
    }
  }
  return dips;
}

/** Pods of others may stand behind the same Service: a canary's do not replace the workload's. */
function addressesOfOwnPods({ history }: RunFacts): ReadonlySet<string> {
  return new Set(
    history.observations.flatMap((each) =>
      each.type === "pod"
        ? [each.pod.name, ...(each.pod.ip === undefined ? [] : [each.pod.ip])]
        : [],
    ),
  );
}

function readyChanges(
  { history }: RunFacts,
  { span, load }: RunPart,
  own: ReadonlySet<string>,
): readonly Change[] {
  const seen = readyEndpoints(history.observations, { ...span, untilMs: load.untilMs });
  return Array.from(seen, ({ atMs, ready }) => ({ atMs, count: ready.intersection(own).size }));
}

function changesUnderLoad(changes: readonly Change[], { load }: RunPart): number {
  return changes.filter(({ atMs }) => atMs >= load.fromMs).length;
}

/** Each instant is held against the replicas desired at that instant. */
function sharesUnderLoad(
  facts: RunFacts,
  part: RunPart,
  readyChanges: readonly Change[],
): readonly Share[] {
  const desiredChanges = changesOfDesired(facts, part);
  const { fromMs, untilMs } = part.load;
  const instants = [...readyChanges, ...desiredChanges]
    .map(({ atMs }) => atMs)
    .filter((atMs) => atMs > fromMs && atMs <= untilMs)
    .toSorted((a, b) => a - b);
  return [fromMs, ...instants].flatMap((instant, i) => {
    const ready = readyChanges.findLast(({ atMs }) => atMs <= instant)?.count;
    const desired = desiredAt(desiredChanges, instant);
    return ready === undefined || desired === undefined || desired === 0
      ? []
      : [
          {
            ready,
            desired,
            share: ready / desired,
            fromMs: instant,
            untilMs: instants[i] ?? untilMs,
          },
        ];
  });
}

/** What was desired when the workload was first seen is taken to have been so before. */
function changesOfDesired({ history }: RunFacts, { span }: RunPart): readonly Change[] {
  const changes: Change[] = [];
  for (const each of history.observations) {
    if (each.type !== "workload" || each.atMs < span.fromMs || each.atMs > span.untilMs) continue;
    const count = each.workload.desired;
    if (count === changes.at(-1)?.count) continue;
    changes.push({ atMs: changes.length === 0 ? Number.NEGATIVE_INFINITY : each.atMs, count });
  }
  return changes;
}

/** Separate watches have no common order: pods may be seen to leave before the lower count that asked for it. */
const WATCH_SKEW_MS = 1_000;

function desiredAt(changes: readonly Change[], instant: number): number | undefined {
  const inForce = changes.filter(
    ({ atMs }, i) =>
      atMs <= instant + WATCH_SKEW_MS &&
      (changes[i + 1]?.atMs ?? Number.POSITIVE_INFINITY) > instant,
  );
  return inForce.length === 0 ? undefined : Math.min(...inForce.map(({ count }) => count));
}
