import type { Disruption } from "./disruption.ts";
import { seededRandom } from "./seeded-random.ts";

/** Between two disruptions that are drawn: short enough to overlap with a late effect, and long enough not to. */
const PAUSE_MS = { least: 200, most: 2_000 } as const;

/**
 * Draws as many disruptions as asked, with a pause before all but the first. The same seed draws the same
 * ones with the same pauses, so that what was found can be done again.
 */
export function drawDisruptions(
  choices: readonly Disruption[],
  { times, seed }: { readonly times: number; readonly seed: number },
): readonly Disruption[] {
  const random = seededRandom(seed);
  return Array.from({ length: times }, (_, index) => {
    const chosen = choices[Math.floor(random() * choices.length)];
    const durationMs = Math.round(PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least));
    const pause: Disruption[] = index === 0 ? [] : [{ type: "none", durationMs }];
    return chosen === undefined ? [] : [...pause, chosen];
  }).flat();
}
