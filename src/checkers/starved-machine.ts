import { mergeSpans, overlapsAny, type Span } from "#domain/exposure-windows.ts";
import type { History } from "#domain/history.ts";
import type { Measurement } from "#domain/measurement.ts";
import type { Observation } from "#domain/observation.ts";

/** Others had this much of all processors, and our own programs waited for so much of the time they wanted one. */
const OTHERS_HAD = 0.6;
const OWN_WAITED = 0.6;

/** For so much of the time in which pods were leaving; a moment of it is what every machine has. */
const STARVED_SHARE = 0.25;

/** Programs that are none of ours had the machine that the embedded cluster shares with them. */
export interface Starvation {
  /** When, whether pods were leaving or not. */
  readonly spans: readonly Span[];
  /** One sentence with the figures. */
  readonly summary: string;
}

type Look = Extract<Observation, { type: "machine" }>;

/**
 * Undefined where the machine was not starved for long enough to blame it, where nobody looked, and on any
 * cluster that is elsewhere. What the pods themselves use counts as our own: a workload that keeps the
 * processors busy excuses nothing.
 */
export function findStarvation(
  { header, observations }: History,
  exposed: readonly Span[],
): Starvation | undefined {
  if (header.environment.sharesMachine !== true) return undefined;
  const looks = observations.filter((each) => each.type === "machine");
  const starved = looks.filter(isStarved);
  const isLeaving = (look: Look) => overlapsAny(exposed, look.atMs - look.forMs, look.atMs);
  const asked = looks.filter(isLeaving);
  const hit = starved.filter(isLeaving);
  const starvedMs = lengthOf(hit);
  if (starvedMs === 0 || starvedMs < STARVED_SHARE * lengthOf(asked)) return undefined;
  const spans = mergeSpans(
    starved.map(({ atMs, forMs }) => ({ fromMs: atMs - forMs, untilMs: atMs })),
  );
  return { spans, summary: describe(hit, starvedMs) };
}

/** Whether nothing of it, from its start to its end, fell into the starved time. */
export function cameWhileWell(
  starvation: Starvation | undefined,
  fromMs: number,
  untilMs: number,
): boolean {
  return starvation === undefined || !overlapsAny(starvation.spans, fromMs, untilMs);
}

/** The values go into the measurement only where there is a starved time to tell them from. */
export function whileWell(
  starvation: Starvation | undefined,
  values: readonly number[],
): Pick<Measurement, "whileWell"> {
  return starvation === undefined ? {} : { whileWell: values };
}

function isStarved({ others, waited }: Look): boolean {
  return others >= OTHERS_HAD && waited >= OWN_WAITED;
}

function lengthOf(looks: readonly Look[]): number {
  return looks.reduce((sum, { forMs }) => sum + forMs, 0);
}

function describe(starved: readonly Look[], starvedMs: number): string {
  const mean = (share: (look: Look) => number) =>
    Math.round(
      (100 * starved.reduce((sum, look) => sum + share(look) * look.forMs, 0)) / starvedMs,
    );
  return (
    `This machine was starved for ${(starvedMs / 1000).toFixed(0)} s while pods were leaving: other programs had ` +
    `${mean(({ others }) => others)} % of its processors, and the run's own, pods included, waited for ` +
    `${mean(({ waited }) => waited)} % of the time they wanted one.`
  );
}
