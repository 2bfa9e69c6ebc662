import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport } from "#test/support/report-builders.ts";
import { keepAliveRace } from "./keep-alive-race.ts";

describe("keepAliveRace", () => {
  const idle = (atMs: number, pod: string) =>
    aFailure({
      stream: "browse",
      atMs,
      reason: "closed-after-idle",
      connection: "reused",
      pod,
      attribution: "same-connection",
    });

  it("speaks when idle connections are closed where no pod leaves", () => {
    expect(ask(keepAliveRace, faulty("keep-alive-race"))).toMatchObject({
      explanation: expect.stringContaining("4 of them at pods that were not leaving"),
      confidence: "proven",
    });
  });

  it("takes those of leaving pods with it when they are no more frequent", () => {
    const calm = [1_000, 1_500, 2_000, 2_500].map((atMs) => idle(atMs, "web-2"));
    const report = aReport({ marks: [...calm, idle(8_010, "web-1")] });
    expect(ask(keepAliveRace, report)?.evidence.total).toBe(5);
  });

  it("leaves those of leaving pods to the shutdown when they are more frequent", () => {
    const many = [1, 2, 3, 4, 5, 6].map((n) => idle(8_000 + n, "web-1"));
    const report = aReport({ marks: [idle(1_000, "web-2"), ...many] });
    expect(ask(keepAliveRace, report)?.evidence.total).toBe(1);
  });

  it("is silent when only leaving pods did it", () => {
    expect(ask(keepAliveRace, faulty("cuts-keep-alive"))).toBeUndefined();
  });
});
