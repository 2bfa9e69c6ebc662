import type { Progress } from "#ports/progress.ts";

/** Shows the same run in several places. */
export function fanOutProgress(places: readonly Progress[]): Progress {
  return {
    recording: (directory) => {
      for (const place of places) place.recording(directory);
    },
    phase: (name, atMs) => {
      for (const place of places) place.phase(name, atMs);
    },
    note: (text) => {
      for (const place of places) place.note(text);
    },
    load: (progress, atMs) => {
      for (const place of places) place.load(progress, atMs);
    },
    pods: (states) => {
      for (const place of places) place.pods(states);
    },
    disruption: (disruption) => {
      for (const place of places) place.disruption(disruption);
    },
    promises: (standings) => {
      for (const place of places) place.promises(standings);
    },
  };
}
