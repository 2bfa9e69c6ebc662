import { describe, expect, it } from "vitest";
import { aHistory, anExchange } from "#test/support/builders.ts";
import type { Checker } from "./checker.ts";
import { guardedFold } from "./guarded-fold.ts";
import { requestErrorRate } from "./request-error-rate.ts";
import { gatherFacts } from "./run-facts.ts";
import { Sightings } from "./sightings.ts";

const facts = gatherFacts(aHistory());
const sightings = new Sightings(facts);
const bug = () => {
  throw new TypeError("a bug");
};

describe("guardedFold", () => {
  it.each<[string, Checker]>([
    ["at its start", bug],
    ["at an exchange", (...given) => ({ ...requestErrorRate(...given), see: bug })],
    ["at its end", (...given) => ({ ...requestErrorRate(...given), finish: bug })],
  ])("measures nothing and says why when the checker crashes %s", (_, checker) => {
    const fold = guardedFold("request-error-rate", checker, facts, sightings);
    fold.see?.(anExchange({ sentAtMs: 5_000 }));
    const measured = fold.finish();
    expect(measured.value).toBeUndefined();
    expect(measured.summary).toContain("a bug");
  });

  it("passes on what a sound checker measures", () => {
    const fold = guardedFold("request-error-rate", requestErrorRate, facts, sightings);
    fold.see?.(anExchange({ sentAtMs: 5_000 }));
    expect(fold.finish().value).toBe(0);
  });
});
