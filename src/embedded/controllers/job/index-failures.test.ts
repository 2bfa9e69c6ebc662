import { describe, expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { aMeta, aPod, NOW_MS, secondsAgo } from "#embedded/controllers/testing/builders.ts";
import { INDEX_ANNOTATION, JOB_FINALIZER, type Job } from "./job.ts";
import { countPods, withoutRetries } from "./job-count.ts";
import { jobEnd, jobScale } from "./job-plan.ts";
import { jobPod } from "./job-pod.ts";
import { metSuccessRule } from "./success-policy.ts";

const FAILURES = "batch.kubernetes.io/job-index-failure-count";
const IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count";

const aJob = (spec: Partial<Job["spec"]> = {}, status: Job["status"] = {}): Job => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: aMeta("batch"),
  spec: {
    ...{ completions: 3, parallelism: 3, completionMode: "Indexed", backoffLimitPerIndex: 1 },
    backoffLimit: 2147483647,
    template: { metadata: {}, spec: { containers: [], restartPolicy: "Never" } },
    ...spec,
  },
  status: { startTime: secondsAgo(60), ...status },
});
const tryOf = (index: number, failuresBefore: number, phase: "Failed" | "Succeeded" | "Running") =>
  aPod(`pod-${index}-${failuresBefore}`, {
    metadata: {
      finalizers: [JOB_FINALIZER],
      annotations: { [INDEX_ANNOTATION]: String(index), [FAILURES]: String(failuresBefore) },
    },
    status: { phase },
  });
const count = (job: Job, ...pods: readonly Pod[]) => countPods(job, pods);

describe("a Job that limits failures by index", () => {
  it("keeps a failed pod uncounted until another tries its index, which is told of the failure", () => {
    const waiting = count(aJob(), tryOf(0, 0, "Failed"));
    expect([waiting.failed, waiting.newlyFailed]).toEqual([0, []]);
    const [index] = jobScale(aJob(), waiting).create;
    expect(index).toBe(0);
    const next = jobPod(aJob(), index, waiting.indexFailures.awaitingRetry.get(0));
    expect(next.metadata.annotations?.[FAILURES]).toBe("1");
    const retried = count(aJob(), tryOf(0, 0, "Failed"), tryOf(0, 1, "Running"));
    expect(retried.failed).toBe(1);
  });

  it("gives an index up with one failure more than the limit, and tries it no more", () => {
    const given = count(aJob(), tryOf(1, 1, "Failed"));
    expect([...given.indexFailures.failed]).toEqual([1]);
    expect(jobScale(aJob(), given).create).toEqual([0, 2]);
    const remembered = aJob({}, { failedIndexes: "1" });
    expect(jobScale(remembered, count(remembered)).create).toEqual([0, 2]);
  });

  it("gives it up at once when the failure policy says so, and never for a failure that it ignores", () => {
    const rule = (action: "FailIndex" | "Ignore") => ({
      podFailurePolicy: { rules: [{ action, onPodConditions: [{ type: "DisruptionTarget" }] }] },
    });
    const pod = tryOf(0, 0, "Failed");
    pod.status.conditions = [{ type: "DisruptionTarget", status: "True" }];
    expect(count(aJob(rule("FailIndex")), pod).indexFailures.failed.has(0)).toBe(true);
    const patient = aJob({ ...rule("Ignore"), backoffLimitPerIndex: 0 });
    const { failed, awaitingRetry } = count(patient, pod).indexFailures;
    expect(failed.size).toBe(0);
    expect(jobPod(patient, 0, awaitingRetry.get(0)).metadata.annotations).toMatchObject({
      [FAILURES]: "0",
      [IGNORED]: "1",
    });
  });

  it("fails when an index was given up and the others are done, or when too many were", () => {
    const end = (job: Job) => jobEnd(job, count(job), NOW_MS)?.reason;
    expect(end(aJob({}, { failedIndexes: "1", completedIndexes: "0" }))).toBeUndefined();
    expect(end(aJob({}, { failedIndexes: "1", completedIndexes: "0,2" }))).toBe("FailedIndexes");
    const strict = { maxFailedIndexes: 0 };
    expect(end(aJob(strict, { failedIndexes: "1" }))).toBe("MaxFailedIndexesExceeded");
  });

  it("counts what waited for another try once the Job ends", () => {
    const ended = withoutRetries(count(aJob(), tryOf(0, 0, "Failed")));
    expect([ended.failed, ended.newlyFailed.length]).toEqual([1, 1]);
  });
});

describe("a success policy", () => {
  const met = (rule: { succeededIndexes?: string; succeededCount?: number }, ...done: number[]) =>
    metSuccessRule({ successPolicy: { rules: [rule] } }, new Set(done));

  it("is met by all of the indexes it names, by so many of them, or by so many of any", () => {
    expect(met({ succeededIndexes: "0-1" }, 0, 2)).toBeUndefined();
    expect(met({ succeededIndexes: "0-1" }, 0, 1)).toBe(0);
    expect(met({ succeededIndexes: "0-2", succeededCount: 1 }, 5)).toBeUndefined();
    expect(met({ succeededIndexes: "0-2", succeededCount: 1 }, 2)).toBe(0);
    expect(met({ succeededCount: 2 }, 7)).toBeUndefined();
    expect(met({ succeededCount: 2 }, 7, 9)).toBe(0);
  });

  it("completes the Job, which goes on saying by which rule", () => {
    const job = aJob(
      { successPolicy: { rules: [{ succeededCount: 1 }] } },
      { completedIndexes: "2" },
    );
    const end = { type: "Complete", reason: "SuccessPolicy", message: "Matched rules at index 0" };
    expect(jobEnd(job, count(job), NOW_MS)).toEqual(end);
    const { reason, message } = end;
    const condition = { type: "SuccessCriteriaMet", status: "True" as const, reason, message };
    const announced = aJob({}, { conditions: [condition] });
    expect(jobEnd(announced, count(announced), NOW_MS)).toEqual(end);
  });
});
