import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport } from "#test/support/report-builders.ts";
import { stopsAnswering } from "./stops-answering.ts";

describe("stopsAnswering", () => {
  it("speaks of requests that a leaving pod took and never answered", () => {
    expect(ask(stopsAnswering, faulty("stops-answering"))?.explanation).toContain(
      "2 requests got no answer within the time-out (up to 3 s) while 1 pod was leaving",
    );
  });

  const late = (atMs: number) => aFailure({ atMs, livedMs: 1_000, reason: "headers-timeout" });

  it("is silent when the request was sent after the only suspect had exited", () => {
    expect(ask(stopsAnswering, aReport({ marks: [late(16_600)] }))).toBeUndefined();
  });

  it("is silent when time-outs are as frequent where no pod leaves", () => {
    const anyway = [2_000, 2_100, 2_200].map(late);
    expect(ask(stopsAnswering, aReport({ marks: [late(8_500), ...anyway] }))).toBeUndefined();
  });
});
