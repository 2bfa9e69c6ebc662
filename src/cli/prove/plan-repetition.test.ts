import { describe, expect, it } from "vitest";
import type { Scenario } from "#domain/scenario.ts";
import { aRecipe } from "#test/support/builders.ts";
import { aReport, measured, promised } from "#test/support/report-builders.ts";
import { planRepetition } from "./plan-repetition.ts";

const wanted = {
  report: aReport({ results: [promised(measured("forced-kills", 2), "fail")] }),
  cluster: "context:staging-a",
  repeat: 3,
  output: { write: () => undefined },
  signal: new AbortController().signal,
};
const scenario = { name: "web" } as Scenario; // it is only passed on
const settings = { cluster: "embedded", reports: "reports" };

describe("planRepetition", () => {
  it("gives the pods of an embedded cluster the network and the delay that they had", () => {
    const recipe = aRecipe({ podNetwork: "netns", dataPathDelayMs: 250 });
    const plan = planRepetition(wanted, { recipe, scenario, reportsDir: "reports" }, settings);
    expect(plan.settings).toEqual({ embedded: { podNetwork: "netns", dataPathDelayMs: 250 } });
  });

  it("offers the load from where it came, by as many workers", () => {
    const recipe = aRecipe({ inside: { workers: 4, image: "registry/runner:1" } });
    const plan = planRepetition(wanted, { recipe, scenario, reportsDir: "reports" }, settings);
    expect(plan.inside).toEqual({ workers: 4, image: "registry/runner:1" });
  });

  it("asks the same promises, on what the settings allow", () => {
    const allowing = {
      ...settings,
      allow: { contexts: ["staging-*"] },
      maxDisruptedRatio: 0.8,
    };
    const recorded = { recipe: aRecipe(), scenario, reportsDir: "reports" };
    expect(planRepetition(wanted, recorded, allowing)).toMatchObject({
      allow: { contexts: ["staging-*"] },
      maxDisruptedRatio: 0.8,
      thresholds: wanted.report.results.map(({ threshold }) => threshold),
      repeat: 3,
    });
  });
});
