import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aLeak, aReport, measured, promised } from "#test/support/report-builders.ts";
import { leaksChildProcess } from "./leaks-child-process.ts";

describe("leaksChildProcess", () => {
  it("names child processes that kept a drained pod from ending, with the kills that it explains", () => {
    const advice = ask(leaksChildProcess, faulty("leaks-child-process"));
    expect(advice?.explanation).toContain("3 of 3 pods stopped taking requests at SIGTERM");
    expect(advice?.evidence.examples[0]).toBe(
      "web-1/web: 1 process besides the main one at the end of its grace",
    );
    expect(advice?.hint).toBeUndefined();
  });

  it("leaves a killed pod without a child process to the next cause", () => {
    const { leaks: _, ...report } = faulty("leaks-child-process");
    expect(ask(leaksChildProcess, report)).toBeUndefined();
    const others = [aLeak({ pod: "another", of: "children", count: 1 })];
    expect(ask(leaksChildProcess, { ...report, leaks: others })).toBeUndefined();
  });

  it("leaves one that served to the end to the cause that explains that", () => {
    const leaks = [aLeak({ of: "children", count: 1 })];
    expect(ask(leaksChildProcess, { ...faulty("ignores-sigterm"), leaks })).toBeUndefined();
  });

  it("names processes that requests leave behind: a cause where that broke a promise, else a hint", () => {
    const leaks = [aLeak({ of: "processes", count: 120 })];
    const hint = ask(leaksChildProcess, aReport({ leaks }));
    expect([hint?.hint, hint?.explanation]).toEqual([
      true,
      "1 pod had up to 120 processes more after the load than before it: requests leave them behind.",
    ]);
    const results = [promised(measured("leaks", 120), "fail")];
    expect(ask(leaksChildProcess, aReport({ leaks, results }))?.hint).toBeUndefined();
  });
});
