/** The candidate that somebody who wrote `word` most likely meant; undefined when none is near. */
export function closestWord(word: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    .map((candidate) => ({ candidate, edits: countEdits(word, candidate) }))
    .filter(
      ({ candidate, edits }) =>
        edits <= Math.max(2, candidate.length / 3) && edits < candidate.length - 1,
    );
  return near.toSorted((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** How many letters to insert, delete or replace (Levenshtein), ignoring capitals. */
export function countEdits(word: string, candidate: string): number {
  const letters = [...word.toLowerCase()];
  let row = Array.from({ length: letters.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...candidate.toLowerCase()].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= letters.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (letters[j - 1] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
