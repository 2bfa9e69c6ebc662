import { UsageError } from "#domain/errors.ts";

/** How many runs `--repeat` allows; undefined when it was not given. */
export function parseRepeat(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UsageError("BAD_REPEAT", `--repeat ${text} is not a number of runs.`, {
    hint: "Write a whole number from 1 to 999: --repeat 5 runs each scenario at most five times.",
  });
}
