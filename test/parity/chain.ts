import { type Difference, differInOrder } from "./difference.ts";
import type { Timed } from "./timed.ts";

/** The state of an object, facet by facet. */
export type Facets = ReadonlyMap<string, string>;

/** A facet that an object does not have at the moment. */
const NOT_THERE = "absent";

/**
 * Compares two sequences of states of which either may have merged writes of the other. Each facet must
 * pass through the same values, and all states together must lie on one path: of two states one has come
 * further in no facet than the other. So a write may be left out or made in two steps, but what changed
 * first in one trace may not change last in the other; and a state that lasted in one must be in the other.
 */
export function compareChains(
  where: string,
  expected: readonly Timed<Facets>[],
  seen: readonly Timed<Facets>[],
): readonly Difference[] {
  const apart = compareFacets(where, expected, seen);
  if (apart.length > 0) return apart;
  const facets = facetsOf(expected);
  const wanted = progressOf(facets, expected);
  const found = progressOf(facets, seen);
  return [
    ...compareOrder(
      where,
      facets,
      { states: expected, progress: wanted },
      { states: seen, progress: found },
    ),
    ...missing(expected, wanted, found).map((state) => ({
      where: `${where}: a lasting state`,
      expected: describeFacets(state),
      seen: "(not seen)",
    })),
    ...missing(seen, found, wanted).map((state) => ({
      where: `${where}: a lasting state`,
      expected: "(not in the golden trace)",
      seen: describeFacets(state),
    })),
  ];
}

/** For each state, how many changes of each facet came before it. */
type Progress = readonly number[];

interface Path {
  readonly states: readonly Timed<Facets>[];
  readonly progress: readonly Progress[];
}

function compareOrder(
  where: string,
  facets: readonly string[],
  expected: Path,
  seen: Path,
): readonly Difference[] {
  for (const [expectedAt, one] of expected.progress.entries()) {
    for (const [seenAt, other] of seen.progress.entries()) {
      const ahead = facets.find((_, at) => (one[at] ?? 0) > (other[at] ?? 0));
      const behind = facets.find((_, at) => (one[at] ?? 0) < (other[at] ?? 0));
      if (ahead === undefined || behind === undefined) continue;
      const describe = (state: Timed<Facets> | undefined) =>
        [ahead, behind]
          .map((facet) => `${facet}=${state?.value.get(facet) ?? NOT_THERE}`)
          .join(" and ");
      return [
        {
          where: `${where}: order of changes`,
          expected: `a state with ${describe(expected.states[expectedAt])}`,
          seen: `a state with ${describe(seen.states[seenAt])}`,
        },
      ];
    }
  }
  return [];
}

/** Two writes that are further apart are not merged by anybody who looks in between. */
const LASTING_MS = 700;

/** The states of a path that lasted and are not in the other. */
function missing(
  states: readonly Timed<Facets>[],
  progress: readonly Progress[],
  others: readonly Progress[],
): readonly Facets[] {
  const known = new Set(others.map((other) => other.join()));
  return states.flatMap(({ atMs, value }, index) => {
    const untilMs = states[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const lasted = atMs < 0 || untilMs - atMs >= LASTING_MS;
    return lasted && !known.has(progress[index]?.join() ?? "") ? [value] : [];
  });
}

function describeFacets(state: Facets): string {
  return [...state].map(([facet, value]) => `${facet}=${value}`).join("; ");
}

/** Each facet for itself passes through the same values; which of two changes first is not compared. */
export function compareFacets(
  where: string,
  expected: readonly Timed<Facets>[],
  seen: readonly Timed<Facets>[],
): readonly Difference[] {
  return facetsOf([...expected, ...seen]).flatMap((facet) =>
    differInOrder(
      `${where}: ${facet}`,
      distinct(values(facet, expected)),
      distinct(values(facet, seen)),
    ),
  );
}

function facetsOf(states: readonly Timed<Facets>[]): readonly string[] {
  return [...new Set(states.flatMap(({ value }) => [...value.keys()]))];
}

/** The states without those that repeat the one before them. */
export function distinctStates(states: readonly Timed<Facets>[]): readonly Timed<Facets>[] {
  return states.filter(({ value }, index) => {
    const before = states[index - 1]?.value;
    return (
      before?.size !== value.size || [...value].some(([facet, text]) => before.get(facet) !== text)
    );
  });
}

function values(facet: string, states: readonly Timed<Facets>[]): readonly string[] {
  return states.map(({ value }) => value.get(facet) ?? NOT_THERE);
}

function distinct(all: readonly string[]): readonly string[] {
  return all.filter((value, index) => index === 0 || value !== all[index - 1]);
}

function progressOf(
  facets: readonly string[],
  states: readonly Timed<Facets>[],
): readonly Progress[] {
  const perFacet = facets.map((facet) => {
    let changes = 0;
    const all = values(facet, states);
    return all.map((value, index) => {
      if (index > 0 && value !== all[index - 1]) changes++;
      return changes;
    });
  });
  return states.map((_, state) => perFacet.map((progress) => progress[state] ?? 0));
}
