import type { Verdict } from "#domain/verdict.ts";
import { VERDICT_TITLE } from "#reporting/verdict-words.ts";
import { html, type Markup } from "./markup.ts";

/** The verdict as sign and word: its shape tells it without colour, and the word without sight. */
export function verdictMark(verdict: Verdict): Markup {
  const word = VERDICT_TITLE[verdict];
  return html`<span class="verdict verdict-${verdict}">${verdictSign(verdict)}${word}</span>`;
}

/** The sign alone; whoever uses it writes the word beside it. */
export function verdictSign(verdict: Verdict): Markup {
  return html`<svg class="sign" viewBox="0 0 20 20" aria-hidden="true">${SIGNS[verdict]}</svg>`;
}

/** A disc with a check mark, a stop sign with a cross, a diamond with a question mark. */
const SIGNS: Readonly<Record<Verdict, Markup>> = {
  pass: html`<circle cx="10" cy="10" r="10"/><path d="M5.4 10.4l3.1 3.1 6.1-6.6"/>`,
  fail: html`<path class="shape" d="M6 0h8l6 6v8l-6 6H6l-6-6V6z"/>
<path d="M6.6 6.6l6.8 6.8M13.4 6.6l-6.8 6.8"/>`,
  inconclusive: html`<path class="shape" d="M10 0l10 10-10 10L0 10z"/>
<path d="M7.7 8.1a2.3 2.3 0 1 1 3.4 2c-.8.4-1.1.8-1.1 1.6M10 14.1v.1"/>`,
};
