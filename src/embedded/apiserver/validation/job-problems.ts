import type { KubeObject, PodTemplate } from "#embedded/api/objects.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import { nonNegative } from "./pod-problems.ts";
import { invalid, notSupported, type Problem, required } from "./problem.ts";
import { templateProblems } from "./workload-problems.ts";

interface JobSpec {
  readonly template?: PodTemplate;
  readonly completions?: number;
  readonly parallelism?: number;
  readonly backoffLimit?: number;
  readonly completionMode?: string;
  readonly selector?: unknown;
  readonly podFailurePolicy?: unknown;
  readonly successPolicy?: unknown;
  readonly backoffLimitPerIndex?: number;
}

/** What is wrong with a Job on its own. */
export function jobProblems(object: KubeObject): readonly Problem[] {
  return jobSpecProblems(object.spec as JobSpec, "spec");
}

const IMMUTABLE = [
  ...(["selector", "template", "completionMode", "podFailurePolicy"] as const),
  ...(["successPolicy", "backoffLimitPerIndex"] as const),
] as const;

/** A Job's pods and their number are settled once it exists. */
export function jobUpdateProblems(object: KubeObject, old: KubeObject): readonly Problem[] {
  const now = object.spec as JobSpec;
  const before = old.spec as JobSpec;
  return IMMUTABLE.filter((field) => !equalJson(now[field], before[field])).map((field) =>
    invalid(`spec.${field}`, now[field], "field is immutable"),
  );
}

/** Only an active pod is ready: a status that changes either number is held to it. */
export function jobStatusProblems(object: KubeObject, old: KubeObject): readonly Problem[] {
  const { ready = 0, active = 0 } = (object.status ?? {}) as JobNumbers;
  const before = (old.status ?? {}) as JobNumbers;
  if (ready === (before.ready ?? 0) && active === (before.active ?? 0)) return [];
  return ready > active
    ? [invalid("status.ready", ready, "cannot set more ready pods than active")]
    : [];
}

interface JobNumbers {
  readonly ready?: number;
  readonly active?: number;
}

/** What is wrong with a CronJob on its own. */
export function cronJobProblems(object: KubeObject): readonly Problem[] {
  const { schedule, timeZone, jobTemplate, concurrencyPolicy } = (object.spec ?? {}) as {
    readonly schedule?: string;
    readonly timeZone?: string;
    readonly jobTemplate?: { readonly spec?: JobSpec };
    readonly concurrencyPolicy?: string;
  };
  const policies = ["Allow", "Forbid", "Replace"];
  return [
    ...((schedule ?? "") === "" ? [required("spec.schedule")] : []),
    ...timeZoneProblems(timeZone),
    ...(concurrencyPolicy === undefined || policies.includes(concurrencyPolicy)
      ? []
      : [notSupported("spec.concurrencyPolicy", concurrencyPolicy, policies)]),
    ...jobSpecProblems(jobTemplate?.spec ?? {}, "spec.jobTemplate.spec"),
  ];
}

function timeZoneProblems(timeZone: string | undefined): readonly Problem[] {
  if (timeZone === undefined) return [];
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return [];
  } catch {
    return [invalid("spec.timeZone", timeZone, `unknown time zone ${timeZone}`)];
  }
}

function jobSpecProblems(spec: JobSpec, path: string): readonly Problem[] {
  const { completions, parallelism, backoffLimit } = spec;
  return [
    ...nonNegative(parallelism, `${path}.parallelism`),
    ...nonNegative(completions, `${path}.completions`),
    ...nonNegative(backoffLimit, `${path}.backoffLimit`),
    ...templateProblems(spec.template, ["OnFailure", "Never"], `${path}.template`),
  ];
}
