/** A column of a table in plain text. */
export interface TextColumn {
  readonly title: string;
  readonly align: "left" | "right";
}

/** Aligned lines without borders. Columns are as wide as a terminal shows their text, not as it counts it. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, index) =>
    Math.max(...[titles, ...rows].map((row) => displayWidth(row[index] ?? ""))),
  );
  return [titles, ...rows].map((row) =>
    columns
      .map(({ align }, index) => pad(row[index] ?? "", widths[index] ?? 0, align))
      .join("  ")
      .trimEnd(),
  );
}

/** How many cells a terminal gives a text: two for the wide characters of East Asian scripts. */
export function displayWidth(text: string): number {
  return [...text.replaceAll(/\p{M}/gu, "")].reduce(
    (width, character) => width + (WIDE.test(character) ? 2 : 1),
    0,
  );
}

function pad(text: string, width: number, align: TextColumn["align"]): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + space : space + text;
}

/** Hangul, kana, ideographs and full-width forms (East Asian Width W and F, Unicode Annex 11). */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
