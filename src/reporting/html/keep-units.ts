/** A sentence in which no line ends between a number and its unit. */
export function keepUnits(sentence: string): string {
  return sentence.replaceAll(/(?<=\d) (?=%|(?:ms|s|min)\b)/g, "\u00A0");
}
