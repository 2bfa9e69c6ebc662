import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aLeak } from "#test/support/report-builders.ts";
import { shellSwallowsSigterm } from "./shell-swallows-sigterm.ts";

describe("shellSwallowsSigterm", () => {
  it("speaks when a killed container has a shell in front of its program", () => {
    expect(ask(shellSwallowsSigterm, faulty("shell-swallows-sigterm"))?.explanation).toContain(
      "makes sh PID 1",
    );
  });

  it("takes a child process of a PID 1 that may be a launcher for a sign of one", () => {
    const report = faulty("ignores-sigterm");
    const leaks = [1, 2, 3].map((n) => aLeak({ pod: `web-${n}`, of: "children", count: 1 }));
    const told = (program?: string) => {
      const lanes = report.lanes.map((lane) => ({
        ...lane,
        setup: {
          graceSeconds: 10,
          containers: [{ name: "web", sidecar: false, ...(program !== undefined && { program }) }],
        },
      }));
      return ask(shellSwallowsSigterm, { ...report, lanes, leaks })?.evidence.total;
    };
    expect([told(), told("npm"), told("entrypoint.sh"), told("python3")]).toEqual([
      3,
      3,
      3,
      undefined,
    ]);
  });

  it("is silent without a shell, and when the program had heard of SIGTERM after all", () => {
    expect(ask(shellSwallowsSigterm, faulty("ignores-sigterm"))).toBeUndefined();
    const heard = faulty("shell-swallows-sigterm").lanes.map((lane) => ({
      ...lane,
      lastReusedRequestAtMs: 5_400,
    }));
    expect(
      ask(shellSwallowsSigterm, { ...faulty("shell-swallows-sigterm"), lanes: heard }),
    ).toBeUndefined();
  });
});
