import { type ClusterView, countPodStates } from "#domain/cluster-view.ts";
import type { PodTrouble, TroubleCause } from "./pod-trouble.ts";

/** `Pod web-1: container app waits (CrashLoopBackOff), last exit code 1; Unhealthy: "Readiness …"`. */
export function describeTrouble({ pod, container, warning }: PodTrouble): string {
  const parts: string[] = [];
  if (container !== undefined) {
    const { name, state, reason, message, exitCode, previousExit } = container;
    const why = [reason, message].filter((part) => part !== undefined).join(": ");
    parts.push(`container ${name} is ${state}${why === "" ? "" : ` (${why})`}`);
    const exit = exitCode ?? previousExit?.exitCode;
    if (exit !== undefined) parts.push(`${exitCode === undefined ? "last " : ""}exit code ${exit}`);
  } else {
    parts.push(`phase ${pod.phase}`);
  }
  // What explains a waiting or ended container comes once more as a warning.
  const told = warning === undefined || container?.message !== undefined;
  const said = told ? "" : `; ${warning.reason}: "${warning.message}"`;
  return `pod ${pod.name}: ${parts.join(", ")}${said}`;
}

const REMEDIES: Readonly<Record<TroubleCause, string>> = {
  image:
    "Correct the image, or make it available to the cluster: by a registry that its nodes reach, or on kind with `kind load docker-image IMAGE --name NAME`, which --cluster kind:NAME does by itself. The embedded cluster runs only images that the scenario maps to a local program.",
  creation:
    "The kubelet is still at it: it pulls an image, mounts a volume or runs an init container. If that only takes long, raise `timing.deadline` in the scenario, or pull the image beforehand.",
  start: "Correct the container's command: the program was not found or could not be executed.",
  configuration: "Add the ConfigMap, Secret or key that the container refers to.",
  crash: "The program ends by itself: its exit code and log say why.",
  probe: "Make the probe's endpoint answer in time, or correct the readiness probe.",
  placement: "The pod has no running container yet: it may not fit on any node.",
};

/** The next step that mends this kind of trouble, and where to read on. */
export function remedyFor({ cause, pod }: PodTrouble, namespace: string): string {
  return `${REMEDIES[cause]} On a cluster that outlives the run, \`kubectl describe pod ${pod.name} -n ${namespace}\` shows the rest.`;
}

/** `7 of 10 pods available, 9 updated (pods: 7 ready, 2 terminating)`: how far the workload has come. */
export function describeProgress(view: ClusterView): string {
  const states = Object.entries(countPodStates(view)).map(([state, count]) => `${count} ${state}`);
  const pods = states.length === 0 ? "no pods" : `pods: ${states.join(", ")}`;
  if (view.workload === undefined) return `the workload was never seen, ${pods}`;
  const { available, desired, updated } = view.workload;
  return `${available} of ${desired} pods available, ${updated} updated (${pods})`;
}
