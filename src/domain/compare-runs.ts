import type { ComparableMeasurement, ComparableRun } from "./comparable-run.ts";
import { type EnvironmentChange, environmentChanges } from "./environment-changes.ts";
import { fisherExact } from "./fisher-exact.ts";
import type { CaseCount } from "./measurement.ts";
import { METRICS, type Metric } from "./metric.ts";
import { permutationTest, smallestChance } from "./permutation-test.ts";

/** A run held against an earlier one. It explains; it never changes a verdict. */
export interface Comparison {
  readonly baseline: ComparedRun;
  readonly run: ComparedRun;
  readonly changes: readonly EnvironmentChange[];
  readonly numbers: readonly ComparedNumber[];
}

/** Which run it is, and what was said of it alone. */
export type ComparedRun = Pick<ComparableRun, "runId" | "startedAt" | "verdict" | "headline">;

/** One number of both runs, and what chance has to say about it. */
export interface ComparedNumber {
  readonly what: string;
  readonly unit: Metric["unit"];
  readonly before: Side;
  readonly now: Side;
  readonly finding: Finding;
  /** How often chance alone would part them so far; absent where nothing was tested. */
  readonly chance?: number;
}

/** What one of the runs says; a value that is absent was not measured. */
export type Side =
  | { readonly type: "count"; readonly failures: number; readonly tried: number }
  | { readonly type: "mean"; readonly mean: number; readonly cases: number }
  | { readonly type: "value"; readonly value?: number };

/**
 * `too-few`: so small samples could not show any difference. `untested`: one number a run, or not
 * measured in both, so nothing tells it from chance.
 */
export type Finding = "worse" | "better" | "no-difference" | "too-few" | "untested";

/** A number before all of them were tested together. */
interface Tested extends ComparedNumber {
  readonly worse: boolean;
}

/** Over all numbers of a comparison together: so seldom may chance alone call one of them different. */
const RISK = 0.05;

/** Calls a number worse only where chance explains the difference in less than 5 % of all comparisons. */
export function compareRuns(before: ComparableRun, now: ComparableRun): Comparison {
  const tested = [
    ...METRICS.flatMap((metric) => {
      const [old, young] = [measured(before, metric), measured(now, metric)];
      return old === undefined || young === undefined ? [] : compareMetric(metric, old, young);
    }),
    ...now.latencies.flatMap((latency) => compareLatency(latency, before)),
  ];
  return {
    baseline: identify(before),
    run: identify(now),
    changes: environmentChanges(before, now),
    numbers: beyondChance(tested),
  };
}

function identify({ runId, startedAt, verdict, headline }: ComparableRun): ComparedRun {
  return { runId, startedAt, verdict, headline };
}

/**
 * Holm's procedure: the least likely difference has to be as unlikely as one of so many, the next as one
 * of the rest. Fifteen numbers, each tested at 95 %, would cry wolf in every second comparison.
 */
function beyondChance(tested: readonly Tested[]): readonly ComparedNumber[] {
  const chances = tested.flatMap(({ chance }) => chance ?? []).toSorted((a, b) => a - b);
  const kept = chances.findIndex((chance, place) => chance >= RISK / (chances.length - place));
  const limit = kept === -1 ? Number.POSITIVE_INFINITY : (chances[kept] ?? 0);
  return tested.map(({ worse, ...number }) => {
    if (number.chance === undefined || number.chance >= limit) return number;
    return { ...number, finding: worse ? "worse" : "better" };
  });
}

function measured(run: ComparableRun, { name }: Metric): ComparableMeasurement | undefined {
  return run.measurements.find(({ metric }) => metric === name);
}

function compareMetric(
  metric: Metric,
  before: ComparableMeasurement,
  now: ComparableMeasurement,
): readonly Tested[] {
  const { title: what, unit, better } = metric;
  const counts = pairs(before.counts ?? [], now.counts ?? []);
  if (counts.length > 0) {
    return counts.map(([old, young]) => compareCounts(metric, old, young));
  }
  if (before.cases !== undefined && now.cases !== undefined) {
    return [{ what, unit, ...compareCases(before.cases, now.cases, better) }];
  }
  if (before.value === undefined && now.value === undefined) return [];
  const [old, young] = [singleValue(before), singleValue(now)];
  return [{ what, unit, before: old, now: young, finding: "untested", worse: false }];
}

function singleValue({ value }: ComparableMeasurement): Side {
  return { type: "value", ...(value !== undefined && { value }) };
}

/** Parts of the same name in both, such as the requests of one stream. */
function pairs(before: readonly CaseCount[], now: readonly CaseCount[]) {
  return now.flatMap((young): readonly (readonly [CaseCount, CaseCount])[] => {
    const old = before.find(({ of }) => of === young.of);
    return old === undefined ? [] : [[old, young]];
  });
}

function compareCounts({ title, unit }: Metric, before: CaseCount, now: CaseCount): Tested {
  const side = ({ failures, tried }: CaseCount): Side => ({ type: "count", failures, tried });
  return {
    what: `${title}, ${now.of}`,
    unit,
    before: side(before),
    now: side(now),
    finding: "no-difference",
    chance: fisherExact(before, now),
    worse: now.failures * before.tried > before.failures * now.tried,
  };
}

function compareLatency(
  { stream, perTermination: now }: ComparableRun["latencies"][number],
  { latencies }: ComparableRun,
): readonly Tested[] {
  const before = latencies.find((latency) => latency.stream === stream)?.perTermination;
  if (before === undefined || before.p50Ms.length === 0 || now.p50Ms.length === 0) return [];
  const compare = (name: string, a: readonly number[], b: readonly number[]): Tested => ({
    what: `Latency of ${stream} while pods left, ${name}`,
    unit: "ms",
    ...compareCases(a, b, "lower"),
  });
  return [compare("p50", before.p50Ms, now.p50Ms), compare("p99", before.p99Ms, now.p99Ms)];
}

/** One number a termination (or a run), as against one for the whole run. */
function compareCases(
  before: readonly number[],
  now: readonly number[],
  better: Metric["better"],
): Omit<Tested, "what" | "unit"> {
  const [old, young] = [mean(before), mean(now)];
  const sides = {
    before: { type: "mean", mean: old, cases: before.length },
    now: { type: "mean", mean: young, cases: now.length },
    worse: better === "lower" ? young > old : young < old,
  } as const;
  return smallestChance(before.length, now.length) > RISK
    ? { ...sides, finding: "too-few" }
    : { ...sides, finding: "no-difference", chance: permutationTest(before, now) };
}

function mean(cases: readonly number[]): number {
  return cases.reduce((sum, each) => sum + each, 0) / cases.length;
}
