import { type ClusterView, isActive, type WarningEvent } from "#domain/cluster-view.ts";
import type { ContainerSnapshot, PodSnapshot } from "#domain/observation.ts";

/** Why a pod is not ready, as far as the cluster says. */
export interface PodTrouble {
  readonly pod: PodSnapshot;
  /** The container to look at; absent while the pod has none. */
  readonly container?: ContainerSnapshot;
  /** The kubelet's or scheduler's own last word about the pod. */
  readonly warning?: WarningEvent;
  readonly cause: TroubleCause;
  /** Waiting longer will not help. */
  readonly hopeless: boolean;
}

/** What has to be mended, by which the advice is chosen. */
export type TroubleCause = "image" | "start" | "configuration" | "crash" | "probe" | "placement";

/** The kubelet's reasons for which a container does not run, by what has to be mended. */
const CAUSES: Readonly<Record<string, TroubleCause>> = {
  ErrImagePull: "image",
  ImagePullBackOff: "image",
  InvalidImageName: "image",
  ErrImageNeverPull: "image",
  StartError: "start",
  ContainerCannotRun: "start",
  RunContainerError: "start",
  CreateContainerError: "start",
  CreateContainerConfigError: "configuration",
};

/** One crash may be a race with a database that starts at the same time; a second one is a habit. */
const CRASHES_FORGIVEN = 1;

/** The pods that are not ready, those beyond hope first. */
export function podTroubles(view: ClusterView): readonly PodTrouble[] {
  return [...view.pods.values()]
    .filter((pod) => isActive(pod) && !pod.ready)
    .map((pod) => troubleOf(pod, view.warnings))
    .toSorted(
      (a, b) =>
        Number(b.hopeless) - Number(a.hopeless) ||
        Number(b.warning !== undefined) - Number(a.warning !== undefined) ||
        a.pod.name.localeCompare(b.pod.name),
    );
}

function troubleOf(pod: PodSnapshot, warnings: readonly WarningEvent[]): PodTrouble {
  const warning = lastWord(warnings.filter(({ about }) => about === `pod/${pod.name}`));
  const container =
    pod.containers.find((one) => causeOf(one) !== undefined) ??
    pod.containers.find(({ ready }) => !ready);
  const cause = container === undefined ? "placement" : (causeOf(container) ?? "probe");
  return {
    pod,
    ...(container !== undefined && { container }),
    ...(warning !== undefined && { warning }),
    cause,
    hopeless: container !== undefined && isHopeless(container, cause),
  };
}

/** A back-off only repeats what another warning has explained. */
function lastWord(warnings: readonly WarningEvent[]): WarningEvent | undefined {
  return warnings.findLast(({ reason }) => reason !== "BackOff") ?? warnings.at(-1);
}

function causeOf({ reason, previousExit, state }: ContainerSnapshot): TroubleCause | undefined {
  // A container that could not be started is soon shown as backing off, with the reason behind it.
  const named =
    CAUSES[reason ?? ""] ?? (state === "running" ? undefined : CAUSES[previousExit?.reason ?? ""]);
  if (named !== undefined) return named;
  return reason === "CrashLoopBackOff" || state === "terminated" ? "crash" : undefined;
}

function isHopeless({ reason, restartCount }: ContainerSnapshot, cause: TroubleCause): boolean {
  if (cause === "crash") return reason === "CrashLoopBackOff" && restartCount > CRASHES_FORGIVEN;
  return cause === "image" || cause === "start" || cause === "configuration";
}
