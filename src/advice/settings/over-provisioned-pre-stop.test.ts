import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aReport, threeLeaving } from "#test/support/report-builders.ts";
import { overProvisionedPreStop } from "./over-provisioned-pre-stop.ts";

describe("overProvisionedPreStop", () => {
  it("is a hint with the measured need, and never goes below the second that kube-proxy may wait", () => {
    expect(ask(overProvisionedPreStop, faulty("over-provisioned-pre-stop"))).toMatchObject({
      explanation: expect.stringContaining(
        "preStop sleeps 10 s, and the last new connection came 120 ms",
      ),
      fix: expect.stringContaining("10 s → 2 s"),
      hint: true,
    });
  });

  it("takes the action's place where a command sleeps, since a container has one handler", () => {
    const preStop = { type: "sleep", seconds: 10, command: true } as const;
    const leaving = threeLeaving({ sleepSeconds: 10, graceSeconds: 20, setup: { preStop } });
    expect(ask(overProvisionedPreStop, aReport({ leaving }))?.patch).toContain("exec: null");
  });

  it("says of the embedded cluster that its delay is a setting", () => {
    const { header, ...report } = faulty("over-provisioned-pre-stop");
    const environment = { ...header.environment, cluster: "embedded (3 nodes)" };
    const advice = ask(overProvisionedPreStop, { ...report, header: { ...header, environment } });
    expect(advice?.explanation).toContain("measure on the real one");
  });

  it("is silent on a run that did not pass, without a measurement, and on a sleep that fits", () => {
    const fault = faulty("over-provisioned-pre-stop");
    expect(ask(overProvisionedPreStop, { ...fault, verdict: "inconclusive" })).toBeUndefined();
    expect(ask(overProvisionedPreStop, { ...fault, ungated: [] })).toBeUndefined();
    expect(ask(overProvisionedPreStop, aReport())).toBeUndefined();
  });
});
