import { equalJson } from "#embedded/apiserver/json/equal-json.ts";

/** The order the patch asks for, and the order the list had on the server; both by identity. */
interface Orders {
  readonly wanted: readonly unknown[];
  readonly original: readonly unknown[];
}

/**
 * Puts a merged list into the order a patch asks for, which is its own where it says nothing else: so what
 * it adds comes first. Items that only the server knows keep their place
 * relative to the items they stood before.
 */
export function orderBySetElementOrder(
  merged: readonly unknown[],
  identify: (item: unknown) => unknown,
  { wanted, original }: Orders,
): readonly unknown[] {
  const indexIn = (order: readonly unknown[], item: unknown) =>
    order.findIndex((identity) => equalJson(identity, identify(item)));
  const named = merged
    .filter((item) => indexIn(wanted, item) >= 0)
    .toSorted((left, right) => indexIn(wanted, left) - indexIn(wanted, right));
  const serverOnly = merged.filter((item) => indexIn(wanted, item) < 0);
  const result: unknown[] = [];
  while (named.length > 0 && serverOnly.length > 0) {
    const position = indexIn(original, named[0]);
    const serverFirst = position >= 0 && indexIn(original, serverOnly[0]) < position;
    result.push(serverFirst ? serverOnly.shift() : named.shift());
  }
  return [...result, ...named, ...serverOnly];
}
