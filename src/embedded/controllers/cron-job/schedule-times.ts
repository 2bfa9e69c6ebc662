import type { CronSchedule } from "./cron-schedule.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A schedule that does not come within this never does: 30 February. */
const HORIZON_DAYS = 366 * 5;

/** The first time of the schedule after an instant, in the given time zone; undefined when there is none. */
export function nextTimeMs(
  schedule: CronSchedule,
  afterMs: number,
  timeZone: string,
): number | undefined {
  const zone = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  let atMs = Math.floor(afterMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const endMs = atMs + HORIZON_DAYS * DAY_MS;
  while (atMs < endMs) {
    const local = localTime(zone, atMs);
    if (!isDay(schedule, local)) {
      // To the next local midnight, but never past it when a clock change makes the day shorter.
      const leftMinutes = (23 - local.hour) * 60 + (60 - local.minute);
      atMs += Math.max(1, leftMinutes > 180 ? leftMinutes - 120 : leftMinutes) * MINUTE_MS;
    } else if (!schedule.hours.has(local.hour)) {
      atMs += (60 - local.minute) * MINUTE_MS;
    } else if (!schedule.minutes.has(local.minute)) {
      atMs += MINUTE_MS;
    } else {
      return atMs;
    }
  }
  return undefined;
}

/** The latest time of the schedule in `(afterMs, untilMs]`. */
export function latestTimeMs(
  schedule: CronSchedule,
  {
    afterMs,
    untilMs,
    timeZone,
  }: {
    readonly afterMs: number;
    readonly untilMs: number;
    readonly timeZone: string;
  },
): number | undefined {
  let latest: number | undefined;
  let next = nextTimeMs(schedule, afterMs, timeZone);
  while (next !== undefined && next <= untilMs) {
    latest = next;
    next = nextTimeMs(schedule, next, timeZone);
  }
  return latest;
}

interface LocalTime {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

function localTime(zone: Intl.DateTimeFormat, atMs: number): LocalTime {
  const parts = Object.fromEntries(
    zone.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { month, day, weekday, hour, minute };
}

function isDay(schedule: CronSchedule, { month, day, weekday }: LocalTime): boolean {
  if (!schedule.months.has(month)) return false;
  const ofMonth = schedule.daysOfMonth.has(day);
  const ofWeek = schedule.daysOfWeek.has(weekday);
  if (schedule.anyDayOfMonth || schedule.anyDayOfWeek) return ofMonth && ofWeek;
  return ofMonth || ofWeek;
}
