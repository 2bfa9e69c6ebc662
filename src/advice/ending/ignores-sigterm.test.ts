import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aReport, threeLeaving } from "#test/support/report-builders.ts";
import { ignoresSigterm } from "./ignores-sigterm.ts";

describe("ignoresSigterm", () => {
  it("proves it by a request that was taken long after SIGTERM", () => {
    const advice = ask(ignoresSigterm, faulty("ignores-sigterm"));
    expect(advice?.explanation).toContain("one took a request 9.9 s after SIGTERM");
    expect(advice?.confidence).toBe("proven");
  });

  it("is only likely where no request tells what the pod was doing", () => {
    const exit = { exitCode: 137, reason: "Error", forced: true, afterMs: 10_050 };
    const leaving = threeLeaving({ exit });
    expect(ask(ignoresSigterm, aReport({ leaving, verdict: "fail" }))?.confidence).toBe("likely");
  });

  it("is silent on an OOM kill and on an orderly exit", () => {
    expect(ask(ignoresSigterm, faulty("oom-killed"))).toBeUndefined();
    expect(ask(ignoresSigterm, aReport())).toBeUndefined();
  });

  it("names the signal at which ready-made servers drain", () => {
    expect(ask(ignoresSigterm, faulty("ignores-sigterm"))?.fix).toContain("SIGQUIT for nginx");
  });
});
