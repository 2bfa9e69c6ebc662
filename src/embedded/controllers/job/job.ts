import type {
  Condition,
  KubeObject,
  LabelSelector,
  Pod,
  PodTemplate,
} from "#embedded/api/objects.ts";

export interface Job extends KubeObject {
  spec: JobSpec;
  status: JobStatus;
}

export interface JobSpec {
  parallelism?: number;
  completions?: number;
  completionMode?: "NonIndexed" | "Indexed";
  backoffLimit?: number;
  backoffLimitPerIndex?: number;
  maxFailedIndexes?: number;
  successPolicy?: { rules: { succeededIndexes?: string; succeededCount?: number }[] };
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
  suspend?: boolean;
  managedBy?: string;
  podReplacementPolicy?: "TerminatingOrFailed" | "Failed";
  podFailurePolicy?: { rules: FailureRule[] };
  selector?: LabelSelector;
  template: PodTemplate;
}

export interface FailureRule {
  action: "FailJob" | "Ignore" | "Count" | "FailIndex";
  onExitCodes?: { containerName?: string; operator: "In" | "NotIn"; values: number[] };
  onPodConditions?: { type: string; status?: string }[];
}

export interface JobStatus {
  conditions?: Condition[];
  startTime?: string;
  completionTime?: string;
  active?: number;
  succeeded?: number;
  failed?: number;
  terminating?: number;
  completedIndexes?: string;
  failedIndexes?: string;
  uncountedTerminatedPods?: { succeeded?: string[]; failed?: string[] };
  ready?: number;
}

/** Keeps a pod until the Job has counted it. */
export const JOB_FINALIZER = "batch.kubernetes.io/job-tracking";
/** Names the Job of a pod. */
export const JOB_NAME_LABEL = "batch.kubernetes.io/job-name";
/** Names the index of a pod of an indexed Job. */
export const INDEX_ANNOTATION = "batch.kubernetes.io/job-completion-index";

/** Whether its Job still has to count a pod: until then nobody can remove it. */
export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(JOB_FINALIZER) === true;
}

/** Whether a pod is replaced when it has failed, and not already when it begins to terminate. */
export function replacesOnlyFailed({ spec }: Job): boolean {
  return spec.podReplacementPolicy === "Failed" || spec.podFailurePolicy !== undefined;
}

/** Complete or Failed: what a Job is now it stays. */
export function finishedCondition({ status }: Job): Condition | undefined {
  return status.conditions?.find(
    ({ type, status: value }) => (type === "Complete" || type === "Failed") && value === "True",
  );
}

/** Somebody else counts its pods and writes its status. */
export function isManagedElsewhere({ spec }: Job): boolean {
  return (spec.managedBy ?? OUR_NAME) !== OUR_NAME;
}

const OUR_NAME = "kubernetes.io/job-controller";
