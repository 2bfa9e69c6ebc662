import { describe, expect, it } from "vitest";
import { taggedScenario } from "../../features/support/tagged-scenario.ts";

const tagged = (...names: string[]) =>
  taggedScenario({ uri: "a.feature", tags: names.map((name) => ({ name, astNodeId: "" })) });

describe("taggedScenario", () => {
  it("finds the scenario among the tags", () => {
    expect(tagged("@slow", "@scenario:storefront")).toBe("storefront");
    expect(tagged("@scenario:scenarios/bank", "@scenario:scenarios/bank")).toBe("scenarios/bank");
    expect(tagged("@slow")).toBeUndefined();
  });

  it("refuses two that differ, which nobody could have meant", () => {
    expect(() => tagged("@scenario:shop", "@scenario:bank")).toThrow(
      expect.objectContaining({ code: "TWO_SCENARIOS" }),
    );
  });
});
