import { UsageError } from "#domain/errors.ts";
import { LOAD_PLACES } from "#scenario/load-settings.ts";

/** The options that say where the load comes from, for `parseArgs`. */
export const LOAD_PLACE_OPTIONS = {
  "load-from": { type: "string" },
  "load-workers": { type: "string" },
  "runner-image": { type: "string" },
} as const;

interface LoadPlaceValues {
  readonly "load-from"?: string | undefined;
  readonly "load-workers"?: string | undefined;
  readonly "runner-image"?: string | undefined;
}

/** Their values as the world takes them, checked. */
export function readLoadPlace(values: LoadPlaceValues) {
  const { "load-from": given, "load-workers": workers, "runner-image": runnerImage } = values;
  const loadFrom = LOAD_PLACES.find((place) => place === given);
  if (loadFrom === undefined && given !== undefined) {
    throw new UsageError("BAD_LOAD_FROM", `The load cannot come from "${given}".`, {
      hint: "Write --load-from inside for pods of the cluster, or outside for this machine.",
    });
  }
  const unheard = [
    ...(workers === undefined ? [] : ["--load-workers"]),
    ...(runnerImage === undefined ? [] : ["--runner-image"]),
  ];
  if (loadFrom === "outside" && unheard.length > 0) {
    throw new UsageError("BAD_USAGE", `${unheard.join(", ")} shapes a load from inside only.`, {
      hint: "Write --load-from inside, or leave it out.",
    });
  }
  // Shaping the load from inside asks for one.
  const wanted = unheard.length > 0 ? ("inside" as const) : loadFrom;
  return { loadFrom: wanted, loadWorkers: parseWorkers(workers), runnerImage };
}

function parseWorkers(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UsageError("BAD_LOAD_WORKERS", `--load-workers ${text} is not a number of workers.`, {
    hint: "Write a whole number from 1 on: --load-workers 4.",
  });
}
