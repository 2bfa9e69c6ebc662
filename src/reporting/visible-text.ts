/**
 * Text from outside (pod names, reasons, log lines) with every character made visible that could move
 * a cursor, turn the reading direction or end a line: a workload must not be able to draw a verdict.
 */
export function visibleText(text: string): string {
  return text.toWellFormed().replaceAll(/\r\n?/g, "\n").replaceAll(UNSEEN, REPLACEMENT);
}

/** The same on one line: for table cells, list items and terminal lines. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll(/\s+/g, " ").trim();
}

/** Controls other than tab and line feed, marks that reorder text, and Unicode's own line ends. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
const REPLACEMENT = "\uFFFD";
