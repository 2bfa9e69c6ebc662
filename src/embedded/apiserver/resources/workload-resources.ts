import type { KubeObject } from "#embedded/api/objects.ts";
import {
  CONTROLLER_REVISIONS,
  CRON_JOBS,
  DAEMON_SETS,
  DEPLOYMENTS,
  JOBS,
  REPLICA_SETS,
  STATEFUL_SETS,
} from "#embedded/api/resources.ts";
import { labelJobPods } from "#embedded/apiserver/admission/job-labels.ts";
import { countTemplateChanges } from "#embedded/apiserver/admission/template-generation.ts";
import {
  setCronJobDefaults,
  setDaemonSetDefaults,
  setDeploymentDefaults,
  setJobDefaults,
  setReplicaSetDefaults,
  setStatefulSetDefaults,
} from "#embedded/apiserver/defaults/workload-defaults.ts";
import {
  define,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import {
  cronJobProblems,
  jobProblems,
  jobStatusProblems,
  jobUpdateProblems,
} from "#embedded/apiserver/validation/job-problems.ts";
import {
  deploymentProblems,
  statefulSetUpdateProblems,
  workloadProblems,
  workloadUpdateProblems,
} from "#embedded/apiserver/validation/workload-problems.ts";

const WORKLOAD = {
  categories: ["all"],
  hasStatus: true,
  tracksGeneration: true,
} as const;

/** The resources of `apps/v1` and `batch/v1`. */
export const WORKLOAD_RESOURCES: readonly ResourceDefinition[] = [
  define(DEPLOYMENTS, {
    ...WORKLOAD,
    shortNames: ["deploy"],
    hasScale: true,
    rules: {
      setDefaults: setDeploymentDefaults,
      prepareForCreate: initialStatus({}),
      validate: deploymentProblems,
      validateUpdate: workloadUpdateProblems,
    },
  }),
  define(REPLICA_SETS, {
    ...WORKLOAD,
    shortNames: ["rs"],
    hasScale: true,
    rules: {
      setDefaults: setReplicaSetDefaults,
      prepareForCreate: initialStatus({ replicas: 0 }),
      validate: workloadProblems,
      validateUpdate: workloadUpdateProblems,
      selectableFields: ["status.replicas"],
      fieldsOf: ({ status }) => ({
        "status.replicas": String((status as { replicas?: number })?.replicas ?? 0),
      }),
    },
  }),
  define(STATEFUL_SETS, {
    ...WORKLOAD,
    shortNames: ["sts"],
    hasScale: true,
    rules: {
      setDefaults: setStatefulSetDefaults,
      prepareForCreate: initialStatus({ replicas: 0, availableReplicas: 0 }),
      validate: workloadProblems,
      validateUpdate: statefulSetUpdateProblems,
    },
  }),
  define(DAEMON_SETS, {
    ...WORKLOAD,
    shortNames: ["ds"],
    rules: {
      setDefaults: setDaemonSetDefaults,
      prepareForCreate: (draft) => {
        countTemplateChanges(draft);
        draft.status = {
          currentNumberScheduled: 0,
          numberMisscheduled: 0,
          desiredNumberScheduled: 0,
          numberReady: 0,
        };
      },
      prepareForUpdate: (draft, old) => countTemplateChanges(draft, old),
      validate: workloadProblems,
      validateUpdate: workloadUpdateProblems,
    },
  }),
  define(CONTROLLER_REVISIONS),
  define(JOBS, {
    ...WORKLOAD,
    orphansByDefault: true,
    rules: {
      setDefaults: setJobDefaults,
      prepareForCreate: (draft) => {
        labelJobPods(draft);
        draft.status = {};
      },
      validate: jobProblems,
      validateUpdate: jobUpdateProblems,
      validateStatus: jobStatusProblems,
      selectableFields: ["status.successful"],
      fieldsOf: ({ status }) => ({
        "status.successful": String((status as { succeeded?: number })?.succeeded ?? 0),
      }),
    },
  }),
  define(CRON_JOBS, {
    ...WORKLOAD,
    shortNames: ["cj"],
    rules: {
      setDefaults: setCronJobDefaults,
      prepareForCreate: initialStatus({}),
      validate: cronJobProblems,
    },
  }),
];

function initialStatus(status: object): (draft: KubeObject) => void {
  return (draft) => {
    draft.status = { ...status };
  };
}
