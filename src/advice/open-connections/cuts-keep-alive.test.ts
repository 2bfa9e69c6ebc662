import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aReport } from "#test/support/report-builders.ts";
import { cutsKeepAlive } from "./cuts-keep-alive.ts";

describe("cutsKeepAlive", () => {
  it("speaks of requests on kept connections that leaving pods closed", () => {
    const advice = ask(cutsKeepAlive, faulty("cuts-keep-alive"));
    expect(advice?.explanation).toContain("3 requests on connections that 3 pods had kept open");
    expect(advice?.explanation).toContain("up to 10 ms after SIGTERM");
    expect(advice?.confidence).toBe("proven");
  });

  it("is silent on pods that were not leaving, and on refused connections", () => {
    expect(ask(cutsKeepAlive, faulty("keep-alive-race"))).toBeUndefined();
    expect(ask(cutsKeepAlive, faulty("closes-listener-early"))).toBeUndefined();
    expect(ask(cutsKeepAlive, aReport())).toBeUndefined();
  });
});
