import { createHash } from "node:crypto";
import { relative } from "node:path";
import type { Scenario, ScenarioDigests } from "#domain/scenario.ts";

/**
 * By what a scenario says, not by how: a comment changes nothing. Secrets are left out, so that nobody can
 * try guesses at them on a digest; paths count from the scenario's own folder, wherever that lies.
 */
export function digestScenario(scenario: Omit<Scenario, "origin">): ScenarioDigests {
  const { objects, workload, service, servicePort, url, load, timing, images, directory } =
    scenario;
  return {
    manifests: digest([workload, objects.filter(({ kind }) => kind !== "Secret")]),
    service: digest([service, servicePort, url]),
    images: digest(
      images.map((image) => ({ ...image, directory: relative(directory, image.directory) })),
    ),
    load: digest(load),
    timing: digest(timing),
  };
}

/** As long as it takes to never meet by accident. */
const DIGITS = 16;

function digest(part: unknown): string {
  return createHash("sha256").update(JSON.stringify(part)).digest("hex").slice(0, DIGITS);
}
