/** A cron expression, read once: which values each of the five fields allows. */
export interface CronSchedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** With one of the day fields left open, the other decides; with both given, either is enough. */
  readonly anyDayOfMonth: boolean;
  readonly anyDayOfWeek: boolean;
}

const MACROS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Undefined when the text is no schedule. */
export function parseCronSchedule(text: string): CronSchedule | undefined {
  const fields = (MACROS[text.trim()] ?? text).trim().split(/\s+/);
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = ""] = fields;
  const minutes = parseField(minute, { from: 0, to: 59 });
  const hours = parseField(hour, { from: 0, to: 23 });
  const daysOfMonth = parseField(dayOfMonth, { from: 1, to: 31 });
  const months = parseField(month, { from: 1, to: 12, names: MONTHS });
  const daysOfWeek = parseField(dayOfWeek, { from: 0, to: 7, names: DAYS });
  if (fields.length !== 5 || minutes === undefined || hours === undefined) return undefined;
  if (daysOfMonth === undefined || months === undefined || daysOfWeek === undefined) {
    return undefined;
  }
  return {
    minutes,
    hours,
    daysOfMonth,
    months,
    daysOfWeek: new Set([...daysOfWeek].map((day) => day % 7)), // 7 is Sunday too
    anyDayOfMonth: /^[*?]/.test(dayOfMonth),
    anyDayOfWeek: /^[*?]/.test(dayOfWeek),
  };
}

interface FieldRange {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

function parseField(text: string, range: FieldRange): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(\*|\?|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i.exec(part);
    if (match === null) return undefined;
    const [, first = "", last, step] = match;
    const open = first === "*" || first === "?";
    const start = open ? range.from : fieldValue(first, range);
    const single = last === undefined && step === undefined && !open;
    const end = single ? start : last === undefined ? range.to : fieldValue(last, range);
    const by = Number(step ?? 1);
    if (start === undefined || end === undefined || by === 0 || start > end) return undefined;
    for (let value = start; value <= end; value += by) values.add(value);
  }
  return values;
}

function fieldValue(text: string, { from, to, names = [] }: FieldRange): number | undefined {
  const named = names.indexOf(text.slice(0, 3).toLowerCase());
  const value = named >= 0 ? named + (from === 1 ? 1 : 0) : Number(text);
  return Number.isInteger(value) && value >= from && value <= to ? value : undefined;
}
