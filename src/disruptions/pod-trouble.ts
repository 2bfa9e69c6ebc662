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
export type TroubleCause =
  | "image"
  | "creation"
  | "start"
  | "configuration"
  | "crash"
  | "probe"
  | "placement";

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

/** The kubelet is at work: it pulls the image, mounts volumes or runs what comes before. */
const AT_WORK = new Set(["ContainerCreating", "PodInitializing"]);

/** A registry that is busy or far away answers the next time, and the kubelet asks again by itself. */
const PASSING =
  /time(?:d )?[- ]?out|deadline exceeded|temporar|toomanyrequests|too many requests|connection re(?:fused|set)|unexpected EOF|\b50[0234]\b/i;

/** A program may lose a race with a database that starts at the same time, and once more; after that it is a habit. */
const EXITS_FORGIVEN = 2;

/** The pods that are not ready, those beyond hope first. */
export function podTroubles(
  view: ClusterView,
  exitsForgiven = EXITS_FORGIVEN,
): readonly PodTrouble[] {
  return [...view.pods.values()]
    .filter((pod) => isActive(pod) && !pod.ready)
    .map((pod) => troubleOf(pod, view.warnings, exitsForgiven))
    .toSorted(
      (a, b) =>
        Number(b.hopeless) - Number(a.hopeless) ||
        Number(b.warning !== undefined) - Number(a.warning !== undefined) ||
        a.pod.name.localeCompare(b.pod.name),
    );
}

function troubleOf(
  pod: PodSnapshot,
  warnings: readonly WarningEvent[],
  exitsForgiven: number,
): PodTrouble {
  const warning = lastWord(warnings.filter(({ about }) => about === `pod/${pod.name}`));
  const container =
    pod.containers.find((one) => causeOf(one) !== undefined) ??
    pod.containers.find(({ ready }) => !ready);
  const cause =
    container === undefined ? "placement" : (causeOf(container) ?? whileAtWork(container));
  return {
    pod,
    ...(container !== undefined && { container }),
    ...(warning !== undefined && { warning }),
    cause,
    hopeless: container !== undefined && isHopeless(container, { cause, warning, exitsForgiven }),
  };
}

/** Whether the kubelet is still busy with every pod that is not ready, so that waiting longer may help. */
export function areBeingCreated(view: ClusterView): boolean {
  const troubles = podTroubles(view);
  return (
    troubles.length > 0 && troubles.every(({ cause, hopeless }) => canPass(cause) && !hopeless)
  );
}

function canPass(cause: TroubleCause): boolean {
  return cause === "creation" || cause === "image";
}

function whileAtWork({ reason }: ContainerSnapshot): TroubleCause {
  return AT_WORK.has(reason ?? "") ? "creation" : "probe";
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

function isHopeless(
  { reason, message, restartCount }: ContainerSnapshot,
  {
    cause,
    warning,
    exitsForgiven,
  }: Pick<PodTrouble, "cause"> & {
    readonly warning: WarningEvent | undefined;
    readonly exitsForgiven: number;
  },
): boolean {
  if (cause === "crash") return reason === "CrashLoopBackOff" && restartCount + 1 > exitsForgiven;
  if (cause === "image") return !PASSING.test(`${message ?? ""} ${warning?.message ?? ""}`);
  return cause === "start" || cause === "configuration";
}
