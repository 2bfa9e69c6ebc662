import { describe, expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { aMeta, aPod, NOW_MS, secondsAgo } from "#embedded/controllers/testing/builders.ts";
import { judgeFailure } from "./failure-policy.ts";
import { INDEX_ANNOTATION, JOB_FINALIZER, type Job } from "./job.ts";
import { countPods } from "./job-count.ts";
import { formatIndexes, parseIndexes } from "./job-indexes.ts";
import { jobEnd, jobScale } from "./job-plan.ts";
import { type Failures, failuresAfter, NO_FAILURES, replacementDueMs } from "./pod-back-off.ts";

const aJob = (spec: Partial<Job["spec"]> = {}, status: Job["status"] = {}): Job => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: aMeta("batch"),
  spec: {
    completions: 4,
    parallelism: 2,
    template: { metadata: {}, spec: { containers: [], restartPolicy: "Never" } },
    ...spec,
  },
  status: { startTime: secondsAgo(60), ...status },
});
const ended = (name: string, phase: "Succeeded" | "Failed", secondsSince = 5, exitCode = 1): Pod =>
  aPod(name, {
    metadata: { finalizers: [JOB_FINALIZER] },
    ready: false,
    status: {
      phase,
      containerStatuses: [
        {
          ...{ name: "app", ready: false, started: false, restartCount: 0, image: "", imageID: "" },
          lastState: {},
          state: {
            terminated: {
              exitCode,
              reason: "Error",
              startedAt: secondsAgo(60),
              finishedAt: secondsAgo(secondsSince),
            },
          },
        },
      ],
    },
  });
const leaving = (name: string) => aPod(name, { metadata: { deletionTimestamp: secondsAgo(-10) } });
const count = (job: Job, pods: readonly Pod[]) => countPods(job, pods);

describe("countPods", () => {
  it("counts a finished pod once: new, then noted by its uid, then as a number", () => {
    const pod = ended("a", "Succeeded");
    const released = { ...pod, metadata: { ...pod.metadata, finalizers: [] } };
    const noted = aJob({}, { uncountedTerminatedPods: { succeeded: [pod.metadata.uid] } });
    const counted = aJob({}, { succeeded: 1, uncountedTerminatedPods: {} });
    expect([count(aJob(), [pod]).succeeded, count(aJob(), [pod]).newlySucceeded.length]).toEqual([
      1, 1,
    ]);
    expect([count(noted, [pod]).succeeded, count(noted, [pod]).newlySucceeded.length]).toEqual([
      1, 0,
    ]);
    expect([
      count(counted, [released]).succeeded,
      count(counted, [released]).newlySucceeded.length,
    ]).toEqual([1, 0]);
  });

  it("takes a pod that is deleted while it runs for failed, unless the Job waits for its end", () => {
    const pod = leaving("a");
    pod.metadata.finalizers = [JOB_FINALIZER];
    expect(count(aJob(), [pod])).toMatchObject({ active: [], terminating: [{}], failed: 1 });
    const waiting = { active: [], terminating: [{}], failed: 0 };
    expect(count(aJob({ podReplacementPolicy: "Failed" }), [pod])).toMatchObject(waiting);
    expect(count(aJob({ podFailurePolicy: { rules: [] } }), [pod])).toMatchObject(waiting);
  });

  it("does not count a failure that the policy ignores", () => {
    const rule = {
      action: "Ignore" as const,
      onExitCodes: { operator: "In" as const, values: [42] },
    };
    const job = aJob({ podFailurePolicy: { rules: [rule] } });
    expect(count(job, [ended("a", "Failed", 5, 42), ended("b", "Failed", 5, 1)])).toMatchObject({
      failed: 1,
    });
  });
});

describe("jobScale", () => {
  const created = (job: Job, pods: readonly Pod[]) => jobScale(job, count(job, pods)).create;

  it("keeps as many running as may, and no more than are still needed", () => {
    expect(created(aJob(), [])).toHaveLength(2);
    expect(created(aJob({}, { succeeded: 3 }), [])).toHaveLength(1);
    expect(created(aJob({}, { succeeded: 2 }), [aPod("a")])).toHaveLength(1);
  });

  it("replaces a terminating pod at once, unless it has to wait for its end", () => {
    const pods = [aPod("a"), leaving("b")];
    expect(created(aJob(), pods)).toHaveLength(1);
    expect(created(aJob({ podReplacementPolicy: "Failed" }), pods)).toHaveLength(0);
  });

  it("hands out the indexes that nobody has and that are not done", () => {
    const job = aJob({ completionMode: "Indexed", parallelism: 3 }, { completedIndexes: "0" });
    const running = aPod("a", { metadata: { annotations: { [INDEX_ANNOTATION]: "2" } } });
    expect(created(job, [running])).toEqual([1, 3]);
  });

  it("takes away what is too much", () => {
    const job = aJob({ parallelism: 1 });
    expect(jobScale(job, count(job, [aPod("a"), aPod("b")])).remove).toHaveLength(1);
  });
});

describe("jobEnd", () => {
  const end = (job: Job, pods: readonly Pod[] = []) =>
    jobEnd(job, count(job, pods), NOW_MS)?.reason;

  it("comes with enough successes", () => {
    expect(end(aJob({}, { succeeded: 3 }))).toBeUndefined();
    expect(end(aJob({}, { succeeded: 3 }), [ended("a", "Succeeded")])).toBe("CompletionsReached");
  });

  it("comes with more failures than the limit allows", () => {
    expect(end(aJob({ backoffLimit: 1 }, { failed: 1 }))).toBeUndefined();
    expect(end(aJob({ backoffLimit: 1 }, { failed: 1 }), [ended("a", "Failed")])).toBe(
      "BackoffLimitExceeded",
    );
  });

  it("comes with the deadline", () => {
    expect(end(aJob({ activeDeadlineSeconds: 61 }))).toBeUndefined();
    expect(end(aJob({ activeDeadlineSeconds: 60 }))).toBe("DeadlineExceeded");
  });

  it("stays what it was announced to be", () => {
    const announced = {
      type: "FailureTarget",
      status: "True" as const,
      reason: "DeadlineExceeded",
    };
    expect(end(aJob({}, { succeeded: 4, conditions: [announced] }))).toBe("DeadlineExceeded");
  });

  it("comes for a work queue when one has succeeded and nobody runs any more", () => {
    const { completions: _, ...spec } = aJob().spec;
    const queue = { ...aJob({}, { succeeded: 1 }), spec };
    expect(end(queue, [aPod("a")])).toBeUndefined();
    expect(end(queue)).toBe("CompletionsReached");
  });
});

describe("judgeFailure", () => {
  it("says which rule of which container failed the Job", () => {
    const onExitCodes = { containerName: "app", operator: "In" as const, values: [42] };
    const job = aJob({ podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes }] } });
    expect(judgeFailure(job, ended("a", "Failed", 5, 42))).toEqual({
      type: "fail-job",
      message:
        "Container app for pod ns/a failed with exit code 42 matching FailJob rule at index 0",
    });
    expect(judgeFailure(job, ended("a", "Failed", 5, 1))).toEqual({ type: "count" });
  });

  it("lets a disruption not count", () => {
    const rule = { action: "Ignore" as const, onPodConditions: [{ type: "DisruptionTarget" }] };
    const pod = aPod("a", {
      status: { phase: "Failed", conditions: [{ type: "DisruptionTarget", status: "True" }] },
    });
    expect(judgeFailure(aJob({ podFailurePolicy: { rules: [rule] } }), pod)).toEqual({
      type: "ignore",
    });
  });
});

describe("failuresAfter", () => {
  const due = (succeeded: readonly Pod[], failed: readonly Pod[], before: Failures = NO_FAILURES) =>
    replacementDueMs(failuresAfter(before, succeeded, failed));
  const [early, late] = [ended("a", "Failed", 30), ended("b", "Failed", 4)];

  it("lets ten seconds be waited, and twice as long for each failure in a row", () => {
    expect(due([], [])).toBe(0);
    expect(due([], [late])).toBe(NOW_MS - 4000 + 10_000);
    expect(due([], [late, early])).toBe(NOW_MS - 4000 + 20_000);
  });

  it("begins anew with a success", () => {
    expect(due([ended("c", "Succeeded", 10)], [early, late])).toBe(NOW_MS - 4000 + 10_000);
    expect(due([ended("c", "Succeeded", 1)], [early, late])).toBe(0);
  });

  it("goes on from those before, though their pods are gone", () => {
    const before = failuresAfter(NO_FAILURES, [], [early]);
    expect(due([], [], before)).toBe(NOW_MS - 30_000 + 10_000);
    expect(due([], [late], before)).toBe(NOW_MS - 4000 + 20_000);
  });

  it("takes the request to delete for the end of a pod that still runs", () => {
    const metadata = { deletionTimestamp: secondsAgo(-5), deletionGracePeriodSeconds: 10 };
    const unready = { type: "Ready", status: "False" as const };
    for (const conditions of [[], [unready]]) {
      const pod = aPod("a", { metadata, status: { conditions } });
      expect(due([], [pod])).toBe(NOW_MS - 5000 + 10_000);
    }
  });
});

describe("a success policy", () => {
  const done = (rule: { succeededIndexes?: string; succeededCount?: number }, indexes: string) => {
    const job = aJob(
      { completionMode: "Indexed", successPolicy: { rules: [rule] } },
      { completedIndexes: indexes },
    );
    return jobEnd(job, count(job, [aPod("a")]), NOW_MS)?.reason;
  };

  it("is met by all indexes of a rule, or by as many as it asks for", () => {
    expect(done({ succeededIndexes: "0-1" }, "0")).toBeUndefined();
    expect(done({ succeededIndexes: "0-1" }, "0,1")).toBe("SuccessPolicy");
    expect(done({ succeededIndexes: "0-1", succeededCount: 1 }, "1")).toBe("SuccessPolicy");
    expect(done({ succeededIndexes: "0-1", succeededCount: 1 }, "2")).toBeUndefined();
    expect(done({ succeededCount: 2 }, "2")).toBeUndefined();
    expect(done({ succeededCount: 2 }, "2,3")).toBe("SuccessPolicy");
  });
});

describe("completion indexes", () => {
  it("are written as ranges and read back", () => {
    const indexes = [0, 1, 2, 5, 7, 8];
    expect(formatIndexes(new Set(indexes))).toBe("0-2,5,7,8");
    expect(parseIndexes("0-2,5,7,8")).toEqual(indexes);
  });
});
