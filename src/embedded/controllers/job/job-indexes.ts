import type { Pod } from "#embedded/api/objects.ts";
import { INDEX_ANNOTATION } from "./job.ts";

/** The completion index of a pod of an Indexed Job. */
export function indexOf({ metadata }: Pod): readonly number[] {
  const index = metadata.annotations?.[INDEX_ANNOTATION];
  return index === undefined ? [] : [Number(index)];
}

/** `0-2,5` as numbers. */
export function parseIndexes(text = ""): readonly number[] {
  return text
    .split(",")
    .filter((part) => part !== "")
    .flatMap((part) => {
      const [first = 0, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
    });
}

/** Numbers as `0-2,5`. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const ranges: { first: number; last: number }[] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range !== undefined && range.last === index - 1) range.last = index;
    else ranges.push({ first: index, last: index });
  }
  return ranges
    .map(({ first, last }) => {
      if (first === last) return String(first);
      return last === first + 1 ? `${first},${last}` : `${first}-${last}`;
    })
    .join(",");
}
