import { RunSoFar } from "#checkers/run-so-far.ts";
import type { History } from "#domain/history.ts";

/** A run of which all has been observed and nothing exchanged yet. */
export function soFarOf({ header, observations }: History): RunSoFar {
  const soFar = new RunSoFar(header);
  for (const observation of observations) soFar.observe(observation);
  return soFar;
}
