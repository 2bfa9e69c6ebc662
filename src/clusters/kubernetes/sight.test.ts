import { describe, expect, it } from "vitest";
import { Sight } from "./sight.ts";

describe("Sight", () => {
  it("makes no gap of a short pause after which everything was told", () => {
    const sight = new Sight();
    sight.lose({ atMs: 100, reason: "ended", missed: false });
    expect(sight.regain(150)).toBeUndefined();
  });

  it("reports a pause that is long enough to falsify the stamps", () => {
    const sight = new Sight();
    sight.lose({ atMs: 100, reason: "refused", missed: false });
    expect(sight.regain(201)).toEqual({ fromMs: 100, untilMs: 201, reason: "refused" });
  });

  it("reports any span in which changes may be lost, with the graver reason", () => {
    const sight = new Sight();
    sight.lose({ atMs: 100, reason: "ended", missed: false });
    sight.lose({ atMs: 101, reason: "410", missed: true });
    expect(sight.regain(102)).toEqual({ fromMs: 100, untilMs: 102, reason: "410" });
  });

  it("sees again after it has regained sight", () => {
    const sight = new Sight();
    sight.lose({ atMs: 100, reason: "410", missed: true });
    sight.regain(101);
    expect(sight.regain(900)).toBeUndefined();
  });
});
