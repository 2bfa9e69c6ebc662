import { relative } from "node:path";
import type { ClusterSettings } from "#clusters/cluster-supply.ts";
import type { Recipe } from "#domain/recipe.ts";
import type { Scenario } from "#domain/scenario.ts";

/** What a run was started with, as far as its recipe repeats it. */
interface Started {
  readonly scenario: Scenario;
  readonly replicas?: number;
  readonly cluster: string;
  readonly settings?: ClusterSettings;
  readonly inside?: NonNullable<Recipe["inside"]>;
  readonly reportsDir: string;
}

/** The folder that is kept has the way to its scenario, also when both are copied to another machine. */
export function recipeOf({ scenario, replicas, cluster, settings, inside, reportsDir }: Started): {
  readonly recipe?: Recipe;
} {
  const { origin, patches } = scenario;
  if (origin === undefined) return {};
  return {
    recipe: {
      scenario: relative(reportsDir, origin.file),
      digests: origin.digests,
      ...(replicas !== undefined && { replicas }),
      cluster,
      ...settings?.embedded,
      ...(inside !== undefined && { inside }),
      ...(patches !== undefined && { patches }),
    },
  };
}

/** Each image that the objects of a scenario name, once. */
export function imagesOf({ objects }: Scenario): readonly string[] {
  const images = JSON.stringify(objects).matchAll(/"image":"([^"]+)"/g);
  return [...new Set([...images].map((match) => match[1] ?? ""))];
}
