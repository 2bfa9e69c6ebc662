import type { Recipe } from "#domain/recipe.ts";
import type { Scenario, ScenarioPart } from "#domain/scenario.ts";

const PARTS: Readonly<Record<ScenarioPart, string>> = {
  manifests: "the scenario's manifests",
  service: "the scenario's service or url",
  images: "the scenario's images",
  load: "the scenario's load",
  timing: "the scenario's timing",
};

interface Repetition {
  readonly recipe: Recipe;
  /** As it is now, without any patch. */
  readonly scenario: Scenario;
  readonly cluster: string;
}

/** What is not as it was when the run was recorded, and so might explain another answer. */
export function differencesOf({ recipe, scenario, cluster }: Repetition): readonly string[] {
  const digests = scenario.origin?.digests;
  const parts = Object.keys(PARTS) as readonly ScenarioPart[];
  const changed = parts
    .filter((part) => digests?.[part] !== recipe.digests[part])
    .map((part) => `${PARTS[part]} changed`);
  return cluster === recipe.cluster
    ? changed
    : [
        ...changed,
        `the recorded run was on ${recipe.cluster}, this one is on ${cluster}; --cluster ${recipe.cluster} does it there`,
      ];
}
