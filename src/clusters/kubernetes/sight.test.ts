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

  describe("with a watch that ended as it was asked to, and took long to open anew", () => {
    const ended = { reason: "ended", missed: false, unnoticed: false, routine: true } as const;
    const gap = { fromMs: 100, reason: "ended" };

    function reopened(atMs = 900): Sight {
      const sight = new Sight();
      sight.mark({ version: "10", askedAtMs: 50, answeredAtMs: 60 });
      sight.lose({ ...ended, atMs: 100 });
      expect(sight.regain(atMs)).toBeUndefined();
      return sight;
    }

    it("makes no gap of it when what comes next surely happened afterwards", () => {
      const sight = reopened();
      sight.mark({ version: "12", askedAtMs: 950, answeredAtMs: 960 });
      expect(sight.cameLate("13", 1_500)).toBeUndefined();
      expect(sight.cameLate("14", 1_501)).toBeUndefined();
      expect(sight.end(1_502)).toBeUndefined();
    });

    it("makes a gap of it when what comes next may have happened meanwhile", () => {
      expect(reopened().cameLate("11", 905)).toEqual({ ...gap, untilMs: 905 });
      const sight = reopened();
      sight.mark({ version: "12", askedAtMs: 950, answeredAtMs: 960 });
      expect(sight.cameLate("12", 970)).toEqual({ ...gap, untilMs: 970 });
    });

    it("makes a gap of it when the watch is lost or over before anything could come", () => {
      expect(reopened().end(1_500)).toEqual({ ...gap, untilMs: 900 });
      expect(reopened().end(1_901)).toBeUndefined();
      const lost = reopened();
      lost.lose({ atMs: 1_000, reason: "cut", missed: false, unnoticed: false });
      expect(lost.regain(1_001)).toEqual({ fromMs: 100, untilMs: 1_001, reason: "cut" });
    });

    it("makes a gap of it at once when it took too long, or was refused in between", () => {
      const slow = new Sight();
      slow.lose({ ...ended, atMs: 100 });
      expect(slow.regain(2_101)).toEqual({ ...gap, untilMs: 2_101 });
      const refused = new Sight();
      refused.lose({ ...ended, atMs: 100 });
      refused.lose({ atMs: 200, reason: "429", missed: false, unnoticed: false });
      expect(refused.regain(900)).toEqual({ ...gap, untilMs: 900 });
    });
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
