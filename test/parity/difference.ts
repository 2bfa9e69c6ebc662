/** Where two traces disagree: whose behaviour it is, what the golden trace shows, what was seen instead. */
export interface Difference {
  /** The object and the aspect of it, in roles: `Pod of web/1: states`. */
  readonly where: string;
  readonly expected: string;
  readonly seen: string;
}

/** For a person: the place, then one line each. */
export function describeDifference({ where, expected, seen }: Difference): string {
  return `  ${where}\n    expected: ${expected}\n    seen:     ${seen}`;
}

/** One difference when the two are not the same text, none otherwise. */
export function differ(where: string, expected: string, seen: string): readonly Difference[] {
  return expected === seen ? [] : [{ where, expected, seen }];
}

/**
 * Compares two sequences and tells the first place where they part, with what comes before it: a whole
 * dump would hide it.
 */
export function differInOrder(
  where: string,
  expected: readonly string[],
  seen: readonly string[],
): readonly Difference[] {
  const length = Math.max(expected.length, seen.length);
  for (let index = 0; index < length; index++) {
    if (expected[index] === seen[index]) continue;
    const after = index === 0 ? "" : `after ${expected[index - 1] ?? ""}\n              `;
    return [
      {
        where: `${where}, ${index + 1} of ${expected.length}`,
        expected: `${after}${expected[index] ?? "(nothing more)"}`,
        seen: seen[index] ?? "(nothing more)",
      },
    ];
  }
  return [];
}
