import type { Pod } from "#embedded/api/objects.ts";
import type { EventRecorder } from "./events.ts";
import { isSidecar } from "./restart-policy.ts";
import type { RunningContainer } from "./running-container.ts";
import { terminateContainer } from "./terminate-container.ts";

export interface PodTermination {
  readonly pod: Pod;
  readonly podIP: string;
  readonly running: readonly RunningContainer[];
  readonly graceSeconds: number;
  readonly events: EventRecorder;
  readonly lifetime: AbortSignal;
}

/**
 * Ends all containers of a pod at once: every preStop hook starts now. A regular container gets SIGTERM
 * after its own hook; a sidecar after all regular containers and all later sidecars have ended, or when
 * the grace period is over. What does not run counts as ended.
 */
export async function terminatePod(termination: PodTermination): Promise<void> {
  const { pod, running } = termination;
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name);
  const orderOf = ({ spec }: RunningContainer) => sidecars.indexOf(spec.name);
  const ephemeral = (pod.spec.ephemeralContainers ?? []).map(({ name }) => name);
  const isMain = (container: RunningContainer) =>
    orderOf(container) < 0 && !ephemeral.includes(container.spec.name);
  await Promise.all(
    running.map((container) => {
      const order = orderOf(container);
      const before = running.filter((other) => isMain(other) || orderOf(other) > order);
      const turn = Promise.all(before.map(({ process }) => process.exited));
      return terminateContainer({ ...termination, container, ...(order >= 0 && { turn }) });
    }),
  );
}

/** Deletion decides the grace period, else the pod; the kubelet never gives less than one second. */
export function graceSecondsOf(pod: Pod): number {
  const { deletionGracePeriodSeconds } = pod.metadata;
  const { terminationGracePeriodSeconds } = pod.spec;
  return Math.max(1, deletionGracePeriodSeconds ?? terminationGracePeriodSeconds ?? 30);
}
