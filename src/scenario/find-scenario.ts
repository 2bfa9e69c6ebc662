import { globSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "#domain/errors.ts";
import { closestWord } from "./closest-word.ts";
import { shownPath } from "./problem.ts";

const FILE_NAME = "scenario.yaml";

/** The absolute path of the scenario's file: `path` is the file, its folder, or a name below `scenarios/`. */
export function findScenario(path: string | undefined): string {
  if (path === undefined) {
    throw new UsageError("NO_SCENARIO", "No scenario was named.", {
      hint: `Give --scenario PATH, or write "scenario: PATH" into lastcall.yaml.\n${listFound(".")}`,
    });
  }
  const places = [path, join(path, FILE_NAME), join("scenarios", path, FILE_NAME)];
  const file = places.find((place) => isFile(place));
  if (file !== undefined) return resolve(file);
  throw new UsageError(
    "NO_SCENARIO",
    `There is no scenario "${path}": looked for ${places.map((place) => shownPath(resolve(place))).join(", ")}.`,
    { hint: listFound(dirname(path), path) },
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Folders with a scenario below `scenarios/` and beside the place that was asked for. */
function listFound(folder: string, asked?: string): string {
  const found = [...new Set(["scenarios", folder])]
    .flatMap((place) => globSync(join(place, "*", FILE_NAME)))
    .map((file) => shownPath(resolve(dirname(file))));
  const folders = [...new Set(found)].toSorted();
  if (folders.length === 0)
    return "No scenario was found here: docs/scenario.md shows how to write one.";
  const meant = asked === undefined ? undefined : closestWord(asked, folders);
  const question = meant === undefined ? "" : `Did you mean ${meant}? `;
  return `${question}Scenarios found here: ${folders.join(", ")}.`;
}
