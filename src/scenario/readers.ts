import { DURATION_EXPECTED, parseDuration } from "./parse-duration.ts";
import type { Reader } from "./yaml-value.ts";

/** Reads a scalar by its text, however it is quoted; `parse` answers undefined when it does not fit. */
export function textReader<T>(expected: string, parse: (text: string) => T | undefined): Reader<T> {
  return {
    expected,
    read: (value) => {
      const parsed = value.text === undefined ? undefined : parse(value.text);
      return parsed ?? value.refuse(expected);
    },
  };
}

/** One of a closed set of words. */
export function wordReader<T extends string>(words: readonly T[]): Reader<T> {
  const list = new Intl.ListFormat("en", { type: "disjunction" }).format(words);
  return textReader(list, (text) => words.find((word) => word === text));
}

/** A list of at least one item. */
export function listReader<T>(expected: string, item: Reader<T>): Reader<readonly T[]> {
  return {
    expected,
    read: (value) => {
      const items = value.items();
      if (items === undefined || items.length === 0) return value.refuse(expected);
      return items.map(item.read).filter((read) => read !== undefined);
    },
  };
}

/** Any text, also an empty one: what may stand there is its user's affair. */
export const TEXT = textReader("a text", (text) => text);

/** Milliseconds; nothing is assumed of a number without a unit. */
export const DURATION = textReader(DURATION_EXPECTED, parseDuration);

/** For waits of which none would mean that nothing can ever happen. */
export const POSITIVE_DURATION = textReader("a duration above 0, such as 300ms or 5s", (text) => {
  const ms = parseDuration(text);
  return ms === 0 ? undefined : ms;
});

/** For numbers of things that there must be at least one of. */
export const COUNT = textReader("a whole number above 0", (text) =>
  /^\d+$/.test(text) && Number(text) > 0 ? Number(text) : undefined,
);

/** A share from 0 to 1; written in percent, because 0.5 could be half a percent as well. */
export const SHARE = textReader("a share such as 25%, from 0% to 100%", (text) => {
  const percent = Number(/^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1] ?? Number.NaN);
  return percent <= 100 ? percent / 100 : undefined;
});

/** Names become parts of file names and of report folders. */
export const NAME = textReader("a name of letters, digits, dashes and underscores", (text) =>
  /^[A-Za-z0-9][\w-]*$/.test(text) ? text : undefined,
);
