import { type Disruption, describeDisruption } from "./disruption.ts";
import type { Scenario } from "./scenario.ts";

/** One run before it is made. */
export interface Plan {
  readonly scenario: Pick<Scenario, "name" | "objects" | "workload" | "isRunning">;
  readonly cluster: string;
  /** As the workload will have them when it is disturbed; absent: as many as are there. */
  readonly replicas?: number;
  readonly disruptions: readonly Disruption[];
  /** How many pods offer the load from inside the cluster; absent: none. */
  readonly loadWorkers?: number;
}

/** What a run would do, for people: which objects, which verbs, which share of the pods at once. */
export function describePlan(plan: Plan): string {
  const { scenario, cluster, replicas, disruptions, loadWorkers } = plan;
  const { name, objects, workload } = scenario;
  const applied = objects.map(({ kind, metadata }) =>
    metadata.namespace === undefined
      ? `${kind} ${metadata.name}`
      : `${kind} ${metadata.namespace}/${metadata.name}`,
  );
  return [
    `Plan of ${name} on ${cluster}; nothing was touched.`,
    `  create Lease ${workload.namespace}/lastcall, and the namespace if it is missing`,
    ...applied.map((object) => `  create or update ${object}`),
    ...asItRuns(plan),
    ...(loadWorkers === undefined
      ? []
      : [
          `  create a Job in ${workload.namespace} with ${loadWorkers} Pod(s) of the load, and exec in them`,
        ]),
    ...disruptions.flatMap((each) => [
      `  ${describeDisruption(each)}`,
      ...changesOf(each, replicas).map((change) => `    ${change}`),
    ]),
  ].join("\n");
}

function asItRuns({ scenario, replicas }: Plan): readonly string[] {
  const { isRunning, workload } = scenario;
  if (isRunning !== true) return [];
  const name = `${workload.kind} ${workload.namespace}/${workload.name}`;
  return replicas === undefined
    ? [`  take ${name} as it is`]
    : [`  patch ${name} to ${replicas} replicas, and back in the end`];
}

function changesOf(disruption: Disruption, replicas: number | undefined): readonly string[] {
  const at = (count: number) =>
    `up to ${count} of ${replicas === undefined ? "its" : replicas} pods at once`;
  switch (disruption.type) {
    case "rolling-update":
    case "rollout-undo": {
      const { kind, namespace, name } = disruption.workload;
      return [`patch ${kind} ${namespace}/${name}, as many pods at once as its strategy allows`];
    }
    case "delete-pods":
      return [`delete Pods of ${disruption.workload.namespace}, ${at(disruption.count)}`];
    case "evict-pods":
      return [
        `create evictions of Pods of ${disruption.workload.namespace}, ${at(disruption.count)}, fewer where a budget says so`,
      ];
    case "scale": {
      const { kind, namespace, name } = disruption.workload;
      const patch = `patch ${kind} ${namespace}/${name}`;
      if (replicas === undefined) return [`${patch} to ${disruption.replicas} replicas`];
      return [`${patch}, ${at(Math.max(0, replicas - disruption.replicas))}`];
    }
    case "cordon-nodes":
    case "uncordon-nodes":
      return ["patch Nodes, no pod has to leave"];
    case "drain-nodes":
      return [
        `patch ${disruption.count} Node(s) and create evictions of their Pods, as many as are there`,
      ];
    case "taint-nodes":
      return [`patch ${disruption.count} Node(s); their Pods are deleted, as many as are there`];
    case "shut-down-nodes":
      return [
        `turn off the machines of ${disruption.count} Node(s) in order, with as many pods as are there; turn them on at the end`,
      ];
    case "lose-nodes":
      return [
        `cut off the machines of ${disruption.count} Node(s), with as many pods as are there; turn them on at the end`,
      ];
    case "turn-on-nodes":
      return ["turn on the machines that this run has turned off"];
    case "signal-pods":
      return [
        disruption.signal === "SIGKILL"
          ? `kill containers of Pods of ${disruption.workload.namespace} on their nodes, ${at(disruption.count)}`
          : `exec \`kill\` in Pods of ${disruption.workload.namespace}, ${at(disruption.count)}`,
      ];
    case "delete-job":
      return [`delete Job ${disruption.job.name} and its Pods, which cannot be put back`];
    case "delete-namespace":
      return [`delete Namespace ${disruption.namespace} and all in it, which cannot be put back`];
    case "argo-rollout":
      return [`patch Rollout ${disruption.rollout.name}`];
    case "none":
      return [];
  }
}
