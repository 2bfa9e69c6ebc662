import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport, threeLeaving } from "#test/support/report-builders.ts";
import { noPreStop } from "./no-pre-stop.ts";

describe("noPreStop", () => {
  it("speaks when the data path was slow and SIGTERM came at once", () => {
    const advice = ask(noPreStop, faulty("no-pre-stop"));
    expect(advice?.explanation).toContain("the last new connection came 1.3 s after deletion");
    expect(advice?.explanation).toContain("3 pods of 3 had no preStop hook");
    expect(advice?.patch).toContain("seconds: 2");
  });

  it("speaks when all came after the exit, however quick the data path was", () => {
    const leaving = threeLeaving({ exit: { afterMs: 40 } });
    const marks = [aFailure({ atMs: 5_090, reason: "connect-refused" })];
    expect(ask(noPreStop, aReport({ leaving, marks }))?.cause).toBe("no-pre-stop");
  });

  it("is silent when a process still ran and would not listen, within the usual delay", () => {
    expect(ask(noPreStop, faulty("closes-listener-early"))).toBeUndefined();
  });

  it("calls a data path slow by when a connection was tried, not by when it was given up", () => {
    const leaving = threeLeaving({ exit: { afterMs: 9_000 } }).slice(0, 1);
    const tried = (atMs: number) =>
      aReport({
        leaving,
        marks: [aFailure({ atMs: atMs + 3_000, livedMs: 3_000, reason: "connect-timeout" })],
      });
    expect(ask(noPreStop, tried(5_400))).toBeUndefined();
    expect(ask(noPreStop, tried(5_800))?.cause).toBe("no-pre-stop");
  });

  it("is silent with a hook of any kind", () => {
    expect(ask(noPreStop, faulty("pre-stop-too-short"))).toBeUndefined();
    const leaving = threeLeaving({ setup: { preStop: { type: "http-get" } } });
    const { marks } = faulty("no-pre-stop");
    expect(ask(noPreStop, aReport({ leaving, marks }))).toBeUndefined();
  });

  it("replaces no hook and raises the grace only where the old cannot hold both", () => {
    const leaving = threeLeaving({ graceSeconds: 3 });
    const { marks } = faulty("no-pre-stop");
    const patch = ask(noPreStop, aReport({ leaving, marks }))?.patch;
    expect(patch).toContain("terminationGracePeriodSeconds: 5");
    expect(ask(noPreStop, faulty("no-pre-stop"))?.patch).not.toContain(
      "terminationGracePeriodSeconds",
    );
  });
});
