import { join } from "node:path";
import type { Disruption } from "#domain/disruption.ts";
import { FAILURE_CLASSES, type FailureClass } from "#domain/exchange.ts";
import { findMetric, type MetricName } from "#domain/metric.ts";
import type { Threshold } from "#domain/threshold.ts";
import type { TransactionClass } from "#domain/transaction.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { openYaml } from "#scenario/open-yaml.ts";
import { parseThreshold } from "#scenario/parse-threshold.ts";
import { describeProblems, type Problem } from "#scenario/problem.ts";
import {
  COUNT,
  DURATION,
  listReader,
  NAME,
  TEXT,
  textReader,
  wordReader,
} from "#scenario/readers.ts";
import type { Reader, YamlFields } from "#scenario/yaml-value.ts";

/** What a catch is, and what it must make the harness say. */
export interface Expectation {
  /** What is wrong with the workload, or what a healthy one is made of: one sentence. */
  readonly about: string;
  /** One of the few that every change is tried on. */
  readonly quick: boolean;
  /** A program that the workload is run by and that not every machine has. */
  readonly needs?: string;
  /** How slow the Service data path of its cluster is, where that is part of the fault. */
  readonly dataPathDelayMs?: number;
  readonly verdict: Verdict;
  readonly disruptionOf: (workload: WorkloadRef) => Disruption;
  readonly thresholds: readonly Threshold[];
  /** Promises that must be crossed, and so give `fail`. */
  readonly crossed: readonly MetricName[];
  /** Promises that must not be crossed, so that the fault is told from its neighbours. */
  readonly kept: readonly MetricName[];
  /** What the report must show, all of it: the right verdict for another reason is wrong. */
  readonly reasons: readonly Reason[];
  /** The cause that must be the first advice; absent: no cause may be named at all. */
  readonly advice?: string;
}

/** One fact that the report of a catch must show; a right verdict for another reason does not count. */
export type Reason =
  /** A container of a terminated pod ended like this. */
  | { readonly type: "exit"; readonly exitCode: number; readonly forced: boolean }
  /** At least one request of the stream failed in one of these ways. */
  | {
      readonly type: "failures";
      readonly stream: string;
      readonly classes: readonly FailureClass[];
    }
  /** At least one transaction is of this class. */
  | { readonly type: "transactions"; readonly class: TransactionClass }
  /** A violation that the audit found contains these words. */
  | { readonly type: "audit"; readonly says: string }
  /** A doubt about the whole run contains these words. */
  | { readonly type: "doubt"; readonly says: string };

/** Reads `expect.yaml` of a catch's folder, as strictly as the scenario beside it. */
export async function loadExpectation(directory: string): Promise<Expectation> {
  const problems: Problem[] = [];
  const fields = await openYaml(join(directory, "expect.yaml"), problems);
  const expectation = fields === undefined ? undefined : readExpectation(fields);
  if (expectation !== undefined && problems.length === 0) return expectation;
  throw describeProblems("BAD_EXPECTATION", problems, "The other catches show what is allowed.");
}

const THRESHOLD: Reader<Threshold> = {
  expected: 'a promise such as { metric: "forced kills", threshold: "0" }',
  read: (value) => {
    const fields = value.fields(THRESHOLD.expected);
    const metric = fields?.required("metric", TEXT);
    const threshold = fields?.required("threshold", TEXT);
    fields?.refuseOthers();
    if (metric === undefined || threshold === undefined) return undefined;
    const reading = parseThreshold(metric, threshold);
    return reading.type === "threshold"
      ? reading.threshold
      : value.report(`is wrong: ${reading.problem}`);
  },
};

const METRIC = textReader("the name of a metric", (text) => findMetric(text)?.name);

const EXIT_CODE = textReader("an exit code", (text) =>
  /^\d{1,3}$/.test(text) ? Number(text) : undefined,
);

const CLASSES = listReader("a list of failure classes", wordReader(FAILURE_CLASSES));

const TRANSACTION_CLASS = wordReader<TransactionClass>([
  "committed",
  "resolved",
  "incomplete",
  "lost",
  "partial",
  "duplicated",
  "phantom",
]);

const REASON_READERS: Readonly<Record<Reason["type"], (fields: YamlFields) => Reason | undefined>> =
  {
    exit: (fields) => {
      const exitCode = fields.required("exitCode", EXIT_CODE);
      const forced = fields.required("forced", wordReader(["true", "false"]));
      if (exitCode === undefined || forced === undefined) return undefined;
      return { type: "exit", exitCode, forced: forced === "true" };
    },
    failures: (fields) => {
      const stream = fields.required("stream", NAME);
      const classes = fields.required("classes", CLASSES);
      if (stream === undefined || classes === undefined) return undefined;
      return { type: "failures", stream, classes };
    },
    transactions: (fields) => {
      const found = fields.required("class", TRANSACTION_CLASS);
      return found === undefined ? undefined : { type: "transactions", class: found };
    },
    audit: (fields) => {
      const says = fields.required("says", TEXT);
      return says === undefined ? undefined : { type: "audit", says };
    },
    doubt: (fields) => {
      const says = fields.required("says", TEXT);
      return says === undefined ? undefined : { type: "doubt", says };
    },
  };

const REASON: Reader<Reason> = {
  expected: "a reason such as { type: exit, exitCode: 137, forced: true }",
  read: (value) => {
    const fields = value.fields(REASON.expected);
    const types = ["exit", "failures", "transactions", "audit", "doubt"] as const;
    const type = fields?.required("type", wordReader(types));
    if (fields === undefined || type === undefined) return undefined;
    const reason = REASON_READERS[type](fields);
    fields.refuseOthers();
    return reason;
  },
};

const DISRUPTION: Reader<Expectation["disruptionOf"]> = {
  expected: "a disruption such as { type: none, duration: 3s }",
  read: (value) => {
    const fields = value.fields(DISRUPTION.expected);
    const type = fields?.required("type", wordReader(["none", "delete-pods"]));
    if (fields === undefined || type === undefined) return undefined;
    const disruptionOf = type === "none" ? readPause(fields) : readDeletion(fields);
    fields.refuseOthers();
    return disruptionOf;
  },
};

function readPause(fields: YamlFields): Expectation["disruptionOf"] | undefined {
  const durationMs = fields.required("duration", DURATION);
  return durationMs === undefined ? undefined : () => ({ type: "none", durationMs });
}

function readDeletion(fields: YamlFields): Expectation["disruptionOf"] | undefined {
  const count = fields.required("count", COUNT);
  const graceMs = fields.optional("gracePeriod", DURATION);
  if (count === undefined) return undefined;
  const grace = graceMs === undefined ? {} : { gracePeriodSeconds: graceMs / 1000 };
  return (workload) => ({ type: "delete-pods", workload, count, ...grace });
}

function readExpectation(fields: YamlFields): Expectation | undefined {
  const about = fields.required("about", TEXT);
  const verdict = fields.required("verdict", wordReader<Verdict>(["pass", "inconclusive", "fail"]));
  const thresholds = fields.required("thresholds", listReader("a list of promises", THRESHOLD));
  const metrics = listReader("a list of metrics", METRIC);
  const needs = fields.optional("needs", NAME);
  const dataPathDelayMs = fields.optional("dataPathDelay", DURATION);
  const advice = fields.optional("advice", NAME);
  const expectation = {
    quick: fields.optional("quick", wordReader(["true", "false"])) === "true",
    crossed: fields.optional("crossed", metrics) ?? [],
    kept: fields.optional("kept", metrics) ?? [],
    reasons: fields.optional("reasons", listReader("a list of reasons", REASON)) ?? [],
    disruptionOf:
      fields.optional("disruption", DISRUPTION) ??
      ((workload: WorkloadRef) => ({ type: "rolling-update", workload }) as const),
    ...(needs !== undefined && { needs }),
    ...(dataPathDelayMs !== undefined && { dataPathDelayMs }),
    ...(advice !== undefined && { advice }),
  };
  fields.refuseOthers();
  if (about === undefined || verdict === undefined || thresholds === undefined) return undefined;
  return { about, verdict, thresholds, ...expectation };
}
