import { type Difference, differInOrder } from "./difference.ts";

/** The state of an object, facet by facet. */
export type Facets = ReadonlyMap<string, string>;

/** A facet that an object does not have at the moment. */
const NOT_THERE = "absent";

/**
 * Compares two sequences of states of which either may have merged writes of the other. Each facet must
 * pass through the same values, and all states together must lie on one path: of two states one has come
 * further in no facet than the other. So a write may be left out or made in two steps, but what changed
 * first in one trace may not change last in the other.
 */
export function compareChains(
  where: string,
  expected: readonly Facets[],
  seen: readonly Facets[],
): readonly Difference[] {
  const apart = compareFacets(where, expected, seen);
  if (apart.length > 0) return apart;
  const facets = facetsOf(expected);
  const wanted = progressOf(facets, expected);
  const found = progressOf(facets, seen);
  for (const [expectedAt, one] of wanted.entries()) {
    for (const [seenAt, other] of found.entries()) {
      const ahead = facets.find((_, at) => (one[at] ?? 0) > (other[at] ?? 0));
      const behind = facets.find((_, at) => (one[at] ?? 0) < (other[at] ?? 0));
      if (ahead === undefined || behind === undefined) continue;
      const describe = (state: Facets | undefined) =>
        [ahead, behind].map((facet) => `${facet}=${state?.get(facet) ?? NOT_THERE}`).join(" and ");
      return [
        {
          where: `${where}: order of changes`,
          expected: `a state with ${describe(expected[expectedAt])}`,
          seen: `a state with ${describe(seen[seenAt])}`,
        },
      ];
    }
  }
  return [];
}

/** Each facet for itself passes through the same values; which of two changes first is not compared. */
export function compareFacets(
  where: string,
  expected: readonly Facets[],
  seen: readonly Facets[],
): readonly Difference[] {
  return facetsOf([...expected, ...seen]).flatMap((facet) =>
    differInOrder(
      `${where}: ${facet}`,
      distinct(values(facet, expected)),
      distinct(values(facet, seen)),
    ),
  );
}

function facetsOf(states: readonly Facets[]): readonly string[] {
  return [...new Set(states.flatMap((state) => [...state.keys()]))];
}

/** The states without those that repeat the one before them. */
export function distinctStates(states: readonly Facets[]): readonly Facets[] {
  return states.filter((state, index) => {
    const before = states[index - 1];
    return (
      before?.size !== state.size ||
      [...state].some(([facet, value]) => before.get(facet) !== value)
    );
  });
}

function values(facet: string, states: readonly Facets[]): readonly string[] {
  return states.map((state) => state.get(facet) ?? NOT_THERE);
}

function distinct(all: readonly string[]): readonly string[] {
  return all.filter((value, index) => index === 0 || value !== all[index - 1]);
}

/** For each state, how many changes of each facet came before it. */
function progressOf(
  facets: readonly string[],
  states: readonly Facets[],
): readonly (readonly number[])[] {
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
