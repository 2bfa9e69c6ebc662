import { readFile } from "node:fs/promises";
import type { Problem } from "./problem.ts";
import { YamlSource } from "./yaml-source.ts";
import { type YamlFields, YamlValue } from "./yaml-value.ts";

/** The keys of a file that is one mapping; undefined when it is not, and `problems` then says why. */
export async function openYaml(file: string, problems: Problem[]): Promise<YamlFields | undefined> {
  const source = new YamlSource(file, await readFile(file, "utf8"), problems);
  if (problems.length > 0) return undefined;
  const [document, second] = source.documents;
  const root = new YamlValue(source, document?.contents ?? null, "");
  if (second !== undefined) return root.report("holds more than one YAML document; it must be one");
  return root.fields("a mapping of keys");
}
