import type { Observation } from "#domain/observation.ts";
import type { RunningImage } from "#domain/report.ts";

/** Every image that a container was seen to run, in order of appearance. */
export function runningImages(observations: readonly Observation[]): readonly RunningImage[] {
  const found = new Map<string, RunningImage>();
  for (const observation of observations) {
    if (observation.type !== "pod") continue;
    for (const { image, imageId } of observation.pod.containers) {
      if (image === undefined || imageId === undefined) continue;
      found.set(`${image} ${imageId}`, { name: image, id: imageId });
    }
  }
  return [...found.values()];
}
