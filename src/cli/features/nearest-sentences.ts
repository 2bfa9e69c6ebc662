import { countEdits } from "#scenario/closest-word.ts";

/** More help than this is a list to be read, and `lastcall steps` has that. */
const MOST = 3;

/** The sentences that somebody who wrote `text` may have meant, the nearest first; numbers and quoted texts do not count. */
export function nearestSentences(text: string, phrases: readonly string[]): readonly string[] {
  const written = withoutValues(text);
  return [...new Set(phrases)]
    .map((phrase) => ({ phrase, edits: Math.min(...spellings(phrase).map(distanceTo(written))) }))
    .filter(({ edits }) => edits <= written.length / 2)
    .toSorted((a, b) => a.edits - b.edits)
    .slice(0, MOST)
    .map(({ phrase }) => phrase);
}

function distanceTo(written: string): (spelling: string) => number {
  return (spelling) => countEdits(written, spelling);
}

/** What a feature can write for a phrase: `{int} Pod(s) is/are deleted` is two sentences. */
function spellings(phrase: string): readonly string[] {
  const plain = phrase
    .replaceAll("{int}", "0")
    .replaceAll("{string}", '""')
    .replaceAll("{word}", "SIGTERM");
  const one = plain.replaceAll(/\([^)]*\)/g, "").replaceAll(/(\S+)\/\S+/g, "$1");
  const many = plain.replaceAll(/\(([^)]*)\)/g, "$1").replaceAll(/\S+\/(\S+)/g, "$1");
  return one === many ? [one] : [one, many];
}

function withoutValues(text: string): string {
  return text
    .replaceAll(/"[^"]*"|'[^']*'/g, '""')
    .replaceAll(/\d+/g, "0")
    .trim();
}
