import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aLeaving, aReport, threeLeaving } from "#test/support/report-builders.ts";
import { preStopOutlivesGrace } from "./pre-stop-outlives-grace.ts";

describe("preStopOutlivesGrace", () => {
  it("speaks when the sleep is as long as the grace, and asks for room after it", () => {
    const advice = ask(preStopOutlivesGrace, faulty("pre-stop-outlives-grace"));
    expect(advice?.explanation).toContain(
      "sleeps 10 s and used up the 10 s of grace of 3 of 3 pods",
    );
    expect(advice?.patch).toContain("terminationGracePeriodSeconds: 13");
    expect(advice?.confidence).toBe("proven");
  });

  const hooked = (afterMs: number) =>
    aReport({
      leaving: [
        aLeaving({
          setup: { preStop: { type: "exec" } },
          sigtermAfterMs: undefined,
          exit: { afterMs },
        }),
      ],
    });

  it("infers the overrun of another hook from an exit after the end of the grace", () => {
    expect(ask(preStopOutlivesGrace, hooked(11_500))).toMatchObject({
      confidence: "likely",
      hint: true,
    });
    expect(ask(preStopOutlivesGrace, hooked(10_800))).toBeUndefined();
  });

  it("is silent when the sleep fits, and on a program that ignores SIGTERM", () => {
    const leaving = threeLeaving({ sleepSeconds: 9 });
    expect(ask(preStopOutlivesGrace, aReport({ leaving }))).toBeUndefined();
    expect(ask(preStopOutlivesGrace, faulty("ignores-sigterm"))).toBeUndefined();
  });

  it("is silent when the container had ended before its hook could", () => {
    const leaving = threeLeaving({ sleepSeconds: 10, exit: { afterMs: 400 } });
    expect(ask(preStopOutlivesGrace, aReport({ leaving }))).toBeUndefined();
  });
});
