/** What an error message says is allowed where a duration is. */
export const DURATION_EXPECTED = "a duration such as 300ms, 5s or 2m";

type ToMs = (number: string) => number;

const milliseconds: ToMs = (number) => Number(number);
const seconds: ToMs = (number) => Number(`${number}e3`); // 2.3 * 1000 would be 2299.9999999999995
const minutes: ToMs = (number) => 60 * seconds(number);

const UNITS: ReadonlyMap<string, ToMs> = new Map([
  ["ms", milliseconds],
  ["毫秒", milliseconds],
  ["s", seconds],
  ["秒", seconds],
  ["m", minutes],
  ["min", minutes],
  ["分", minutes],
  ["分鐘", minutes],
  ["分钟", minutes],
]);

/** Milliseconds, or undefined when the text is no duration. A number without a unit is none. */
export function parseDuration(text: string): number | undefined {
  const { number, unit } =
    /^(?<number>\d+(?:\.\d+)?)\s*(?<unit>\D+)$/u.exec(text.normalize("NFKC").trim())?.groups ?? {};
  if (number === undefined || unit === undefined) return undefined;
  return UNITS.get(unit)?.(number);
}
