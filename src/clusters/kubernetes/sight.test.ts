import { describe, expect, it } from "vitest";
import { Sight } from "./sight.ts";

describe("Sight", () => {
  it("makes no gap of a short pause after which everything was told", () => {
    const sight = new Sight();
    sight.lose({ atMs: 100, reason: "ended", missed: false, unnoticed: false });
    expect(sight.regain(150)).toBeUndefined();
  });

  it("reports a pause that is long enough to falsify the stamps", () => {
    const sight = new Sight();
    sight.lose({ atMs: 100, reason: "refused", missed: false, unnoticed: false });
    expect(sight.regain(301)).toEqual({ fromMs: 100, untilMs: 301, reason: "refused" });
  });

  it("reports any span in which changes may be lost, with the graver reason", () => {
    const sight = new Sight();
    sight.knows(90);
    sight.lose({ atMs: 100, reason: "ended", missed: false, unnoticed: false });
    sight.lose({ atMs: 101, reason: "410", missed: true, unnoticed: false });
    expect(sight.regain(102)).toEqual({ fromMs: 90, untilMs: 102, reason: "410" });
  });

  it("sees again after it has regained sight", () => {
    const sight = new Sight();
    sight.lose({ atMs: 100, reason: "410", missed: true, unnoticed: false });
    sight.regain(101);
    expect(sight.regain(900)).toBeUndefined();
  });

  it("counts a loss that nobody noticed from the last thing it knew", () => {
    const sight = new Sight();
    sight.knows(1_000);
    sight.lose({ atMs: 9_000, reason: "silent", missed: false, unnoticed: true });
    expect(sight.regain(9_010)).toEqual({ fromMs: 1_000, untilMs: 9_010, reason: "silent" });
  });

  describe("with marks of the cluster's version", () => {
    const late = "the watch told of a change too late";

    function marked(...marks: (readonly [version: string, atMs: number])[]): Sight {
      const sight = new Sight();
      for (const [version, atMs] of marks) {
        sight.mark({ version, askedAtMs: atMs, answeredAtMs: atMs + 10 });
      }
      return sight;
    }

    it("takes an event in time for no gap", () => {
      const sight = marked(["10", 0], ["20", 1_000]);
      expect(sight.cameLate("15", 1_200)).toBeUndefined();
      expect(sight.cameLate("21", 1_900)).toBeUndefined();
    });

    it("reports an event that was there when a mark was answered, since the mark before it", () => {
      const sight = marked(["10", 0], ["20", 1_000]);
      expect(sight.cameLate("20", 1_300)).toEqual({ fromMs: 0, untilMs: 1_300, reason: late });
    });

    it("reports an event of which nobody can say when it happened", () => {
      const sight = marked(["10", 0], ["20", 1_000]);
      expect(sight.cameLate("21", 3_501)).toEqual({ fromMs: 1_000, untilMs: 3_501, reason: late });
    });

    it("does not report again what a gap has told of", () => {
      const sight = marked(["10", 0], ["20", 1_000]);
      sight.lose({ atMs: 100, reason: "refused", missed: false, unnoticed: false });
      sight.regain(5_000);
      expect(sight.cameLate("11", 5_010)).toBeUndefined();
      expect(sight.cameLate("12", 5_011)).toBeUndefined();
    });

    it("reports the part of a span that no gap has told of", () => {
      const sight = marked(["10", 0], ["20", 1_000], ["30", 2_000]);
      sight.lose({ atMs: 1_900, reason: "refused", missed: false, unnoticed: false });
      sight.regain(2_500);
      expect(sight.cameLate("15", 2_501)).toMatchObject({ fromMs: 0, untilMs: 2_501 });
    });

    it("forgets the marks of a cluster that counts anew", () => {
      const sight = marked(["1000", 0], ["5", 1_000]);
      expect(sight.cameLate("6", 1_500)).toBeUndefined();
    });
  });
});
