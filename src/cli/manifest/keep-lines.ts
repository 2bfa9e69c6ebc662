/**
 * Writing a document anew changes its spacing here and there. Where what was written differs from the
 * original only in that, line for line, the original's lines are taken back.
 */
export function keepLines(
  original: string,
  { rewritten, patched }: { readonly rewritten: string; readonly patched: string },
): string {
  const before = original.split("\n");
  const after = rewritten.split("\n");
  const lines = patched.split("\n");
  if (before.length !== after.length) return patched;
  const common = commonLengths(after, lines);
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  const kept: string[] = [];
  let i = 0;
  let j = 0;
  while (j < lines.length) {
    if (i < after.length && after[i] === lines[j]) {
      kept.push(before[i] ?? "");
      i += 1;
      j += 1;
    } else if (i < after.length && at(i + 1, j) >= at(i, j + 1)) {
      i += 1; // the patch took this line away
    } else {
      kept.push(lines[j] ?? "");
      j += 1;
    }
  }
  return kept.join("\n");
}

/** At [i][j]: how many lines the texts from line i and from line j on have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      const below = lengths[i + 1];
      if (row === undefined || below === undefined) continue;
      row[j] = a[i] === b[j] ? 1 + (below[j + 1] ?? 0) : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
