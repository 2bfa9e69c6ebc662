import { dirname } from "node:path";
import type { ImageMapping } from "#domain/scenario.ts";
import { findScenario } from "./find-scenario.ts";
import { openYaml } from "./open-yaml.ts";
import { describeProblems, type Problem } from "./problem.ts";
import { imagesReader } from "./read-images.ts";

/** The `images:` of a scenario or of a file that holds nothing else; all problems at once. */
export async function loadImages(path: string): Promise<readonly ImageMapping[]> {
  const file = findScenario(path);
  const problems: Problem[] = [];
  const fields = await openYaml(file, problems);
  const images = fields?.required("images", imagesReader(dirname(file), undefined));
  if (images !== undefined && problems.length === 0) return images.images;
  throw describeProblems(
    "BAD_IMAGES",
    problems,
    "Nothing was started. docs/scenario.md explains the key images, with an example.",
  );
}
