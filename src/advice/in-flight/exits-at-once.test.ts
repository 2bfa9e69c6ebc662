import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport, threeLeaving } from "#test/support/report-builders.ts";
import { exitsAtOnce } from "./exits-at-once.ts";

describe("exitsAtOnce", () => {
  it("speaks when accepted requests were cut at SIGTERM and the pod was gone", () => {
    const advice = ask(exitsAtOnce, faulty("exits-at-once"));
    expect(advice?.explanation).toContain("3 of 3 pods exited at SIGTERM (exit code 143");
    expect(advice?.explanation).toContain("3 requests that 3 of them had accepted were cut off");
    expect(advice?.patch).toContain("preStop");
  });

  const cut = aFailure({ atMs: 5_012, livedMs: 600, reason: "reset-before-response" });
  const withExit = (afterMs: number, fields = {}) =>
    aReport({ leaving: threeLeaving({ exit: { afterMs, ...fields } }), marks: [cut] });

  it("is silent when the process lived on, and when it was killed", () => {
    expect(ask(exitsAtOnce, withExit(100))?.cause).toBe("exits-at-once");
    expect(ask(exitsAtOnce, withExit(4_000))).toBeUndefined();
    expect(ask(exitsAtOnce, withExit(100, { exitCode: 137, forced: true }))).toBeUndefined();
  });

  it("is silent when the pod went on answering long after SIGTERM", () => {
    const answering = (afterMs: number) =>
      aReport({
        leaving: threeLeaving({ exit: { afterMs: 1_200 } }).map(({ termination, lane }) => ({
          lane,
          termination: {
            ...termination,
            lastAnswerAtMs: termination.deletionRequestedAtMs + afterMs,
          },
        })),
        marks: [cut],
      });
    expect(ask(exitsAtOnce, answering(200))?.cause).toBe("exits-at-once");
    expect(ask(exitsAtOnce, answering(1_000))).toBeUndefined();
  });

  it("is proven by an exit that was seen at once, or by a pod that names itself and fell silent", () => {
    const confidence = (afterMs: number, fields: object, lastAnswerAtMs?: number) => {
      const leaving = threeLeaving({ exit: { afterMs } }).map(({ termination, lane }) => ({
        lane,
        termination: { ...termination, ...(lastAnswerAtMs && { lastAnswerAtMs }) },
      }));
      return ask(exitsAtOnce, aReport({ leaving, marks: [{ ...cut, ...fields }] }))?.confidence;
    };
    const named = { pod: "web-1", attribution: "proven" };
    expect(confidence(900, {})).toBe("proven");
    expect(confidence(2_200, {})).toBe("likely");
    expect(confidence(2_200, named)).toBe("likely");
    expect(confidence(2_200, named, 5_000)).toBe("proven");
  });

  it("says what the exit code tells of the end", () => {
    const explained = (exitCode: number) =>
      ask(exitsAtOnce, withExit(100, { exitCode, reason: "Error" }))?.explanation;
    expect(explained(2)).toContain("a Go program that does not handle SIGTERM");
    expect(explained(1)).toContain("exit code 1: a handler that ends with it");
    expect(explained(0)).not.toContain("exit code");
  });

  it("is silent when only new connections were refused", () => {
    expect(ask(exitsAtOnce, faulty("closes-listener-early"))).toBeUndefined();
    expect(ask(exitsAtOnce, faulty("no-pre-stop"))).toBeUndefined();
  });

  it.each([150, 240])(
    "is silent when what was cut %s ms old may have had nobody yet",
    (livedMs) => {
      const late = aFailure({ atMs: 5_200, livedMs, reason: "reset-before-response" });
      const leaving = threeLeaving({ exit: { afterMs: 300 } });
      expect(ask(exitsAtOnce, aReport({ leaving, marks: [late] }))).toBeUndefined();
    },
  );

  it("is silent when every answer had begun, which is a fault of its own", () => {
    const marks = [aFailure({ atMs: 5_012, reason: "truncated-body", status: 200 })];
    const leaving = threeLeaving({ exit: { afterMs: 100 } });
    expect(ask(exitsAtOnce, aReport({ leaving, marks }))).toBeUndefined();
  });

  it("names the signal at which ready-made servers drain", () => {
    expect(ask(exitsAtOnce, faulty("exits-at-once"))?.fix).toContain("SIGQUIT for nginx");
  });
});
