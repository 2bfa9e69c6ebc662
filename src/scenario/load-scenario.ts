import { basename, dirname } from "node:path";
import type { Scenario } from "#domain/scenario.ts";
import { digestScenario } from "./digest-scenario.ts";
import { findScenario } from "./find-scenario.ts";
import { openYaml } from "./open-yaml.ts";
import { imagesInUse, replicasOf } from "./pod-template.ts";
import { describeProblems, type Problem } from "./problem.ts";
import { ABORT } from "./read-abort.ts";
import { imagesReader } from "./read-images.ts";
import { loadReader } from "./read-load.ts";
import { DEFAULT_TIMING, TIMING } from "./read-timing.ts";
import { readWorkload, type WorkloadPart } from "./read-workload.ts";
import { NAME, textReader } from "./readers.ts";
import type { YamlFields } from "./yaml-value.ts";

/**
 * The one door through which a scenario comes in: what it returns need not be checked again.
 *
 * `path` is a `scenario.yaml`, its folder, or a name below `scenarios/`. All problems of its files are
 * reported at once, in one UsageError.
 */
export async function loadScenario(path?: string): Promise<Scenario> {
  const file = findScenario(path);
  const problems: Problem[] = [];
  const fields = await openYaml(file, problems);
  const scenario = fields === undefined ? undefined : await readScenario(fields, file, problems);
  if (scenario !== undefined && problems.length === 0) return scenario;
  throw describeProblems(
    "BAD_SCENARIO",
    problems,
    "Nothing was started. docs/scenario.md explains every key, with an example.",
  );
}

const URL_OF_SERVICE = textReader("an address such as http://shop.example:8080", (text) =>
  /^https?:\/\//.test(text) && URL.canParse(text) ? text : undefined,
);

async function readScenario(
  fields: YamlFields,
  file: string,
  problems: Problem[],
): Promise<Scenario | undefined> {
  const directory = dirname(file);
  const name = fields.optional("name", NAME) ?? basename(directory);
  const url = fields.optional("url", URL_OF_SERVICE);
  const workload = await readWorkload(fields, file, problems);
  const images = fields.optional(
    "images",
    imagesReader(directory, workload && imagesInUse(workload.objects)),
  );
  const load = fields.required(
    "load",
    loadReader({ directory, replicas: workload === undefined ? 1 : replicas(workload) }),
  );
  const timing = fields.optional("timing", TIMING) ?? DEFAULT_TIMING;
  const abort = fields.optional("abort", ABORT);
  fields.refuseOthers();
  if (workload === undefined || load === undefined) return undefined;
  const scenario = {
    name,
    directory,
    ...workload,
    ...(url !== undefined && { url }),
    images: images?.images ?? [],
    ...(images !== undefined && images.builds.length > 0 && { builds: images.builds }),
    load,
    timing,
    ...(abort !== undefined && { abort }),
  };
  return { ...scenario, origin: { file, digests: digestScenario(scenario) } };
}

function replicas({ workload, objects }: WorkloadPart): number {
  const object = objects.find(
    ({ kind, metadata }) => kind === workload.kind && metadata.name === workload.name,
  );
  return object === undefined ? 1 : replicasOf(object);
}
