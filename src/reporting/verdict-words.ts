import type { Verdict } from "#domain/verdict.ts";

/** The verdict as a heading. */
export const VERDICT_TITLE: Readonly<Record<Verdict, string>> = {
  pass: "Pass",
  fail: "Fail",
  inconclusive: "Inconclusive",
};

/** What a verdict means to somebody who has to decide. */
export const VERDICT_MEANING: Readonly<Record<Verdict, string>> = {
  pass: "Every promise was asked well enough, and kept.",
  fail: "At least one promise was broken.",
  inconclusive: "Nothing was found broken, but too little was measured to say pass.",
};
