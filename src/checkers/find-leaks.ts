import type { Observation } from "#domain/observation.ts";
import type { Leak } from "#domain/report.ts";
import type { RunFacts, RunPart } from "./run-facts.ts";

type Usage = Extract<Observation, { type: "usage" }>;

/** What the comparison found, and how many containers it rests on. */
export interface LeakSearch {
  readonly leaks: readonly Leak[];
  readonly compared: number;
  /** Containers whose grace ran out while nobody counted what they still held. */
  readonly uncountedKills: number;
}

/**
 * What a program opens once and keeps (a data file, a pool of connections, a worker) is no leak, and comes
 * with its first requests. A leak comes with each of them.
 */
const OPENED_ONCE = 16;

/**
 * Nobody asks anything before the load and after it, so a container should hold as much then as it did
 * before, and a new pod as much as an old one did. Undefined when either was not counted in some part.
 */
export function findLeaks(facts: RunFacts): LeakSearch | undefined {
  const usages = facts.history.observations.filter((each) => each.type === "usage");
  const searches = facts.parts.map((part) => searchPart(usages, part));
  if (searches.some(({ compared }) => compared === 0)) return undefined;
  return {
    leaks: searches.flatMap(({ leaks }) => leaks),
    compared: searches.reduce((sum, { compared }) => sum + compared, 0),
    uncountedKills: searches.reduce((sum, { uncountedKills }) => sum + uncountedKills, 0),
  };
}

function searchPart(usages: readonly Usage[], part: RunPart): LeakSearch {
  const { span, load, loadStartedAtMs } = part;
  const own = usages.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.untilMs);
  const before = Map.groupBy(
    own.filter(({ atMs }) => atMs <= loadStartedAtMs),
    ({ container }) => container,
  );
  const after = Map.groupBy(
    own.filter(({ atMs }) => atMs > load.untilMs),
    ({ uid, container }) => `${uid}/${container}`,
  );
  const pairs = [...after.values()].flatMap((counts) => {
    const idle = before.get(counts[0]?.container ?? "");
    return idle === undefined ? [] : [{ idle, counts }];
  });
  const kills = forcedExits(own, part);
  return {
    leaks: [...pairs.flatMap(grown), ...kills.flatMap(childrenAtKill)],
    compared: pairs.length,
    uncountedKills: kills.filter(({ last }) => last === undefined).length,
  };
}

/** The least that it held afterwards against the most that any of its kind held before. */
function grown({
  idle,
  counts,
}: {
  readonly idle: readonly Usage[];
  readonly counts: readonly Usage[];
}): readonly Leak[] {
  const most = (of: Counted) => Math.max(...idle.map((usage) => usage[of]));
  return (["descriptors", "processes"] as const).flatMap((of) => {
    const least = counts.reduce((low, usage) => (usage[of] < low[of] ? usage : low));
    const count = least[of] - most(of);
    if (count <= OPENED_ONCE) return [];
    const { pod, uid, container, atMs } = least;
    const sockets = Math.max(0, least.sockets - most("sockets"));
    return [{ pod, uid, container, of, count, atMs, ...(of === "descriptors" && { sockets }) }];
  });
}

type Counted = "descriptors" | "processes" | "sockets";

/** A count that is older says nothing of the end; a node that counts rarely may have none. */
const NEAR_THE_END_MS = 3_000;

/** A container that SIGKILL ended, with its last count before that if there was one. */
interface ForcedExit {
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  readonly last: Usage | undefined;
}

function forcedExits(usages: readonly Usage[], { terminations }: RunPart): readonly ForcedExit[] {
  return terminations.flatMap(
    ({ pod, uid, exits, exitedAtMs, deletionRequestedAtMs, sigtermAtMs }) =>
      exits.flatMap(({ container, forced }): readonly ForcedExit[] => {
        if (!forced) return [];
        const untilMs = exitedAtMs ?? Number.POSITIVE_INFINITY;
        const fromMs = Math.max(
          sigtermAtMs ?? deletionRequestedAtMs,
          exitedAtMs === undefined ? 0 : exitedAtMs - NEAR_THE_END_MS,
        );
        const last = usages.findLast(
          (usage) =>
            usage.uid === uid &&
            usage.container === container &&
            usage.atMs >= fromMs &&
            usage.atMs <= untilMs,
        );
        return [{ pod, uid, container, last }];
      }),
  );
}

/** The processes that were still with the main one when SIGKILL ended them all. */
function childrenAtKill({ pod, uid, container, last }: ForcedExit): readonly Leak[] {
  if (last === undefined || last.processes <= 1) return [];
  return [{ pod, uid, container, of: "children", count: last.processes - 1, atMs: last.atMs }];
}
