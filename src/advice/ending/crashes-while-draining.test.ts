import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport, threeLeaving } from "#test/support/report-builders.ts";
import { crashesWhileDraining } from "./crashes-while-draining.ts";

describe("crashesWhileDraining", () => {
  const ending = (exitCode: number, reason = "Error", forced = false) =>
    aReport({ leaving: threeLeaving({ exit: { exitCode, reason, forced } }) });

  it("speaks of an exit code of the program's own, with the requests that met it", () => {
    const advice = ask(crashesWhileDraining, faulty("crashes-while-draining"));
    expect(advice?.explanation).toContain("exit code 1 in 3 of 3 pods");
    expect(advice?.explanation).toContain("3 requests met them");
  });

  it("is a hint where nothing was lost by it", () => {
    expect(ask(crashesWhileDraining, ending(139))).toMatchObject({
      hint: true,
      confidence: "proven",
    });
  });

  it("says that somebody killed it when 137 came before the grace was over", () => {
    expect(ask(crashesWhileDraining, ending(137))?.explanation).toContain(
      "somebody else than the kubelet",
    );
  });

  it("leaves those that the signal itself ended to the cause that explains that, whatever their code", () => {
    const at = (afterMs: number, exitCode: number) =>
      ask(
        crashesWhileDraining,
        aReport({
          leaving: threeLeaving({ exit: { exitCode, reason: "Error", afterMs: 700 } }),
          marks: [
            aFailure({ atMs: 5_000 + afterMs, livedMs: 600, reason: "reset-before-response" }),
          ],
        }),
      )?.evidence.total;
    expect([at(10, 2), at(10, 1), at(600, 2), at(10, 137)]).toEqual([undefined, undefined, 3, 3]);
  });

  it.each([
    [0, "Completed", false],
    [143, "Error", false],
    [137, "Error", true],
    [137, "OOMKilled", false],
    [137, "ContainerStatusUnknown", false],
  ])("is silent on exit code %i (%s, forced %s)", (exitCode, reason, forced) => {
    expect(ask(crashesWhileDraining, ending(exitCode, reason, forced))).toBeUndefined();
  });
});
