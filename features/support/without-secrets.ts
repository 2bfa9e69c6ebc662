import { recordedLoad } from "#domain/recorded-load.ts";
import type { Scenario } from "#domain/scenario.ts";

/** An attachment is in every report that somebody lets cucumber write. */
export function withoutSecrets(scenario: Scenario): Scenario {
  const objects = scenario.objects.map((object) => {
    const { apiVersion, kind, metadata } = object;
    return kind === "Secret" ? { apiVersion, kind, metadata } : object;
  });
  return { ...scenario, objects, load: recordedLoad(scenario.load) };
}
