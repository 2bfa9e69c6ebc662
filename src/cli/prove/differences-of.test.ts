import { describe, expect, it } from "vitest";
import type { Scenario } from "#domain/scenario.ts";
import { aRecipe } from "#test/support/builders.ts";
import { differencesOf } from "./differences-of.ts";

const recipe = aRecipe();
const saying = (digests: Partial<typeof recipe.digests>) =>
  ({
    origin: { file: "/web/scenario.yaml", digests: { ...recipe.digests, ...digests } },
  }) as Scenario; // only its origin is looked at

describe("differencesOf", () => {
  it("finds none when the scenario says what it said", () => {
    expect(differencesOf({ recipe, scenario: saying({}), cluster: "embedded" })).toEqual([]);
  });

  it("names each part that says something else", () => {
    const scenario = saying({ load: "other", manifests: "other" });
    expect(differencesOf({ recipe, scenario, cluster: "embedded" })).toEqual([
      "the scenario's manifests changed",
      "the scenario's load changed",
    ]);
  });

  it("names another cluster: what it takes to break a promise there is not known", () => {
    expect(differencesOf({ recipe, scenario: saying({}), cluster: "context:ci" })).toEqual([
      "the recorded run was on embedded, this one is on context:ci; --cluster embedded does it there",
    ]);
  });
});
