import { describe, expect, it } from "vitest";
import { parseCronSchedule } from "./cron-schedule.ts";
import { latestTimeMs, nextTimeMs } from "./schedule-times.ts";

const next = (text: string, after: string, timeZone = "UTC") => {
  const schedule = parseCronSchedule(text);
  if (schedule === undefined) return "unreadable";
  const atMs = nextTimeMs(schedule, Date.parse(after), timeZone);
  return atMs === undefined ? "never" : new Date(atMs).toISOString().slice(0, 16);
};

describe("a cron schedule", () => {
  it.each([
    ["*/5 * * * *", "2026-11-24T12:01:30Z", "2026-11-24T12:05"],
    ["* * * * *", "2026-11-24T12:01:00Z", "2026-11-24T12:02"],
    ["0 3 * * *", "2026-11-24T12:00:00Z", "2026-11-25T03:00"],
    ["30 8-10/2 * * mon-fri", "2026-11-27T10:30:00Z", "2026-11-30T08:30"],
    ["0 0 1 jan *", "2026-11-24T12:00:00Z", "2027-01-01T00:00"],
    ["0 0 13 * 5", "2026-11-24T12:00:00Z", "2026-11-27T00:00"],
    ["0 0 * * 7", "2026-11-24T12:00:00Z", "2026-11-29T00:00"],
    ["@hourly", "2026-11-24T12:00:00Z", "2026-11-24T13:00"],
    ["0 0 29 2 *", "2026-11-24T12:00:00Z", "2028-02-29T00:00"],
    ["0 0 30 2 *", "2026-11-24T12:00:00Z", "never"],
  ])("reads %s", (text, after, expected) => {
    expect(next(text, after)).toBe(expected);
  });

  it.each(["", "* * * *", "60 * * * *", "* * * * * *", "a * * * *", "5-1 * * * *", "*/0 * * * *"])(
    "does not read %j",
    (text) => {
      expect(parseCronSchedule(text)).toBeUndefined();
    },
  );

  it("is meant in its time zone, over a change of the clocks too", () => {
    expect(next("0 8 * * *", "2026-10-24T12:00:00Z", "Europe/Berlin")).toBe("2026-10-25T07:00");
    expect(next("0 8 * * *", "2026-10-23T12:00:00Z", "Europe/Berlin")).toBe("2026-10-24T06:00");
  });

  it("makes up only for the latest of the times that were missed", () => {
    const schedule = parseCronSchedule("*/10 * * * *");
    if (schedule === undefined) throw new Error("unreadable");
    const between = (after: string, until: string) =>
      latestTimeMs(schedule, {
        afterMs: Date.parse(after),
        untilMs: Date.parse(until),
        timeZone: "UTC",
      });
    expect(between("2026-11-24T12:00:00Z", "2026-11-24T12:35:00Z")).toBe(
      Date.parse("2026-11-24T12:30:00Z"),
    );
    expect(between("2026-11-24T12:31:00Z", "2026-11-24T12:35:00Z")).toBeUndefined();
  });
});
