import { existsSync } from "node:fs";
import { UsageError } from "#domain/errors.ts";

/** Cucumber finds nothing where nothing is, and passes; so what is named has to be there. */
export function requireFeature(path: string): void {
  const file = path.replace(/(\.feature)(:\d+)+$/, "$1"); // `x.feature:12` selects by line, as in cucumber
  if (existsSync(file) || /[*?{[]/.test(file)) return;
  throw new UsageError("NO_FEATURE", `There is no feature file or folder ${file}.`, {
    hint: "Give the path of a .feature file, or of a folder that holds some.",
  });
}
