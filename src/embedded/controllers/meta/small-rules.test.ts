import { describe, expect, it } from "vitest";
import { withCondition } from "./conditions.ts";
import { intOrPercent } from "./int-or-percent.ts";
import { matchesSelector } from "./label-selector.ts";
import { templateHash } from "./template-hash.ts";

describe("intOrPercent", () => {
  it("takes a share of the total, rounded as told", () => {
    expect(intOrPercent("25%", 10, "up")).toBe(3);
    expect(intOrPercent("25%", 10, "down")).toBe(2);
    expect(intOrPercent(4, 10, "up")).toBe(4);
  });
});

describe("matchesSelector", () => {
  it("selects everything when it is empty and nothing when it is absent", () => {
    expect(matchesSelector({}, { a: "1" })).toBe(true);
    expect(matchesSelector(undefined, { a: "1" })).toBe(false);
  });

  it.each([
    ["In", ["1", "2"], true],
    ["NotIn", ["1"], false],
    ["Exists", [], true],
    ["DoesNotExist", [], false],
  ] as const)("understands %s", (operator, values, expected) => {
    const matchExpressions = [{ key: "a", operator, values: [...values] }];
    expect(matchesSelector({ matchExpressions }, { a: "1" })).toBe(expected);
  });

  it("takes an absent label for one that is not in a set", () => {
    const matchExpressions = [{ key: "b", operator: "NotIn" as const, values: ["1"] }];
    expect(matchesSelector({ matchExpressions }, { a: "1" })).toBe(true);
  });
});

describe("templateHash", () => {
  it("does not depend on the order of fields, and does on their values and on collisions", () => {
    const hash = templateHash({ a: 1, b: { c: 2, d: 3 } });
    expect(templateHash({ b: { d: 3, c: 2 }, a: 1 })).toBe(hash);
    expect(templateHash({ a: 1, b: { c: 2, d: 4 } })).not.toBe(hash);
    expect(templateHash({ a: 1, b: { c: 2, d: 3 } }, 1)).not.toBe(hash);
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
  });
});

describe("withCondition", () => {
  const old = {
    type: "A",
    status: "True" as const,
    reason: "R",
    message: "m",
    lastTransitionTime: "t1",
  };

  it("changes nothing when status and reason stay, even if the message does not", () => {
    expect(withCondition([old], { ...old, message: "other", lastTransitionTime: "t2" })).toEqual([
      old,
    ]);
  });

  it("keeps the date of the transition when only the reason changes", () => {
    const next = { ...old, reason: "S", lastTransitionTime: "t2" };
    expect(withCondition([old], next)).toEqual([{ ...next, lastTransitionTime: "t1" }]);
  });

  it("takes the new date with a new status, and moves the condition to the end", () => {
    const other = { type: "B", status: "True" as const };
    const next = { ...old, status: "False" as const, lastTransitionTime: "t2" };
    expect(withCondition([old, other], next)).toEqual([other, next]);
  });
});
