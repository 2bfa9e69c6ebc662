import { UsageError } from "./errors.ts";
import { describeRef, workloadRef } from "./object-ref.ts";
import type { Scenario } from "./scenario.ts";
import type { KubernetesObject } from "./workload.ts";

type About = Pick<Scenario, "name" | "workload" | "isRunning">;

/** A cluster that is made for the run has nothing in it; throws before it is made. */
export function refuseEmptyCluster({ name, isRunning }: About, cluster: string): void {
  if (isRunning !== true || (cluster !== "embedded" && cluster !== "kind")) return;
  throw new UsageError(
    "NOTHING_RUNNING",
    `The scenario ${name} has no manifests, and a cluster that is made for the run (${cluster}) has no workload yet.`,
    {
      hint: "Say where it runs: --cluster context:NAME or kind:NAME. Or name the workload's manifests in scenario.yaml.",
    },
  );
}

/** The scenario with its workload as it stands in the cluster, so that its settings are known. */
export function withWorkload<S extends Scenario>(
  scenario: S,
  found: KubernetesObject | undefined,
): S {
  if (found !== undefined) return { ...scenario, objects: [found] };
  const { workload, name } = scenario;
  throw new UsageError(
    "NO_WORKLOAD",
    `There is no ${describeRef(workloadRef(workload))}, of which the scenario ${name} says that it is there.`,
    {
      hint: `Correct \`workload\` or \`namespace\` in scenario.yaml: kubectl get deployments,statefulsets,daemonsets -n ${workload.namespace} lists what is there.`,
    },
  );
}
