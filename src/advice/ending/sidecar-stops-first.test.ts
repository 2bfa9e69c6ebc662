import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure } from "#test/support/report-builders.ts";
import { sidecarStopsFirst } from "./sidecar-stops-first.ts";

describe("sidecarStopsFirst", () => {
  const fault = () => faulty("sidecar-stops-first");

  it("speaks when another container had stopped before the program, and lets it sleep", () => {
    const advice = ask(sidecarStopsFirst, fault());
    expect(advice?.explanation).toContain("In 3 of 3 pods the container proxy had stopped before");
    expect(advice?.patch).toContain("- name: proxy");
  });

  it("counts what was lost while the program still slept in its preStop, from the sidecar's own SIGTERM on", () => {
    const marks = [aFailure({ atMs: 5_400, reason: "server-error", status: 502, pod: "web-1" })];
    expect(ask(sidecarStopsFirst, { ...fault(), marks })?.explanation).toContain("1 request ");
    const hook = { type: "sleep", seconds: 1 } as const;
    const lanes = fault().lanes.map((lane) => ({
      ...lane,
      setup: {
        graceSeconds: 10,
        containers: [
          { name: "web", sidecar: false },
          { name: "proxy", sidecar: false, preStop: hook },
        ],
      },
    }));
    expect(ask(sidecarStopsFirst, { ...fault(), lanes, marks })).toBeUndefined();
  });

  it("is silent when nothing was lost by it", () => {
    expect(ask(sidecarStopsFirst, { ...fault(), marks: [] })).toBeUndefined();
  });

  const finishing = (web: string, proxy: string) => {
    const { terminations, lanes, ...report } = fault();
    const exits = [
      { container: "web", exitCode: 0, forced: false, finishedAt: web },
      { container: "proxy", exitCode: 0, forced: false, finishedAt: proxy },
    ];
    return { ...report, lanes, terminations: terminations.map((each) => ({ ...each, exits })) };
  };

  it("is silent when they stopped within one second, which tells no order, or the other way round", () => {
    expect(
      ask(sidecarStopsFirst, finishing("2026-11-24T10:00:06Z", "2026-11-24T10:00:06Z")),
    ).toBeUndefined();
    expect(
      ask(sidecarStopsFirst, finishing("2026-11-24T10:00:06Z", "2026-11-24T10:00:09Z")),
    ).toBeUndefined();
  });

  it("is silent on a native sidecar, which the kubelet stops last", () => {
    const native = fault().lanes.map((lane) => ({
      ...lane,
      setup: {
        graceSeconds: 10,
        containers: [
          { name: "web", sidecar: false },
          { name: "proxy", sidecar: true },
        ],
      },
    }));
    expect(ask(sidecarStopsFirst, { ...fault(), lanes: native })).toBeUndefined();
  });
});
