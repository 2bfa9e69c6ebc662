import type { Verdict } from "#domain/verdict.ts";

/** Where the time axis lies in the picture, in its own pixels. */
export const AXIS = { width: 960, from: 190, until: 950 } as const;

/** Of the picture's parts. */
export const HEIGHT = { head: 56, lane: 14, rate: 44 } as const;

/** Those of the report's light page; an image cannot know whether the page around it is dark. */
export const COLOUR: Readonly<Record<Verdict | "mark", string>> = {
  pass: "#14683f",
  fail: "#b0201c",
  inconclusive: "#7d5200",
  mark: "#cf1124",
};
