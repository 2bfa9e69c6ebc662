import type { Difference } from "./difference.ts";

/**
 * Objects of one role are interchangeable: each golden one is compared with the seen one that it differs
 * from least, and none is used twice.
 */
export function pairByRole<T extends { readonly role: string }>(
  expected: readonly T[],
  seen: readonly T[],
  compare: (expected: T, seen: T) => readonly Difference[],
): readonly Difference[] {
  const wanted = Map.groupBy(expected, ({ role }) => role);
  const found = Map.groupBy(seen, ({ role }) => role);
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((role) => {
    const [golden, others] = [wanted.get(role) ?? [], found.get(role) ?? []];
    return golden.length === others.length
      ? compareClosest(golden, others, compare)
      : [{ where: `${role}: how many`, expected: `${golden.length}`, seen: `${others.length}` }];
  });
}

function compareClosest<T>(
  expected: readonly T[],
  seen: readonly T[],
  compare: (expected: T, seen: T) => readonly Difference[],
): readonly Difference[] {
  const pairs = expected
    .flatMap((golden) => seen.map((other) => ({ golden, other, found: compare(golden, other) })))
    .toSorted((a, b) => a.found.length - b.found.length);
  const used = new Set<T>();
  return pairs.flatMap(({ golden, other, found }) => {
    if (used.has(golden) || used.has(other)) return [];
    used.add(golden).add(other);
    return found;
  });
}
