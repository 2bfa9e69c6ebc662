import type { ContainerSnapshot, PodSnapshot } from "#domain/observation.ts";
import type { ApiContainer, ApiContainerStatus, ApiPod } from "./api-objects.ts";
import { containerSetup, preStopHook } from "./container-setup.ts";

/** Kubernetes' default of `terminationGracePeriodSeconds`; a served pod always names its own. */
const DEFAULT_GRACE_SECONDS = 30;

/** What a pod object says, reduced to what a run needs. */
export function podSnapshot({ metadata, spec, status }: ApiPod): PodSnapshot {
  const revision =
    metadata.labels?.["pod-template-hash"] ?? metadata.labels?.["controller-revision-hash"];
  const specs = [...spec.containers, ...(spec.initContainers ?? [])];
  const preStopSleepSeconds = longestPreStopSleep(specs);
  return {
    name: metadata.name,
    uid: metadata.uid,
    ...(spec.nodeName !== undefined && { node: spec.nodeName }),
    ...(status?.podIP !== undefined && { ip: status.podIP }),
    ...(revision !== undefined && { revision }),
    phase: status?.phase ?? "Unknown",
    ready: status?.conditions?.find(({ type }) => type === "Ready")?.status === "True",
    ...(metadata.deletionTimestamp !== undefined && {
      deletionTimestamp: metadata.deletionTimestamp,
    }),
    ...(metadata.deletionGracePeriodSeconds !== undefined && {
      deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    }),
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS,
    ...(preStopSleepSeconds !== undefined && { preStopSleepSeconds }),
    containers: [
      ...(status?.containerStatuses ?? []),
      ...(status?.initContainerStatuses ?? []).filter((init) => lives(init, spec.initContainers)),
    ].map((container) => containerSnapshot(container, specs)),
  };
}

function longestPreStopSleep(specs: readonly ApiContainer[]): number | undefined {
  const sleeps = specs.flatMap((container) => {
    const hook = preStopHook(container);
    return hook?.type === "sleep" ? [hook.seconds] : [];
  });
  return sleeps.length === 0 ? undefined : Math.max(...sleeps);
}

/**
 * A sidecar ends with the pod and is always told of. Another init container is told of until it has
 * done its work: after that it neither serves nor ends with the pod.
 */
function lives(status: ApiContainerStatus, specs: readonly ApiContainer[] = []): boolean {
  const sidecar = specs.find(({ name }) => name === status.name)?.restartPolicy === "Always";
  return sidecar || status.state?.terminated?.exitCode !== 0;
}

function containerSnapshot(
  status: ApiContainerStatus,
  specs: readonly ApiContainer[],
): ContainerSnapshot {
  const { waiting, running, terminated } = status.state ?? {};
  const previous = status.lastState?.terminated;
  const { reason, message } = terminated ?? waiting ?? {};
  const startedAt = terminated?.startedAt ?? running?.startedAt;
  const spec = specs.find(({ name }) => name === status.name);
  return {
    name: status.name,
    ready: status.ready,
    restartCount: status.restartCount,
    state: terminated !== undefined ? "terminated" : running !== undefined ? "running" : "waiting",
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...imageOf(status),
    ...(terminated !== undefined && { exitCode: terminated.exitCode }),
    ...(startedAt != null && { startedAt }),
    ...(terminated?.finishedAt != null && { finishedAt: terminated.finishedAt }),
    ...(previous !== undefined && {
      previousExit: {
        exitCode: previous.exitCode,
        ...(previous.reason !== undefined && { reason: previous.reason }),
      },
    }),
    ...(spec !== undefined && { setup: containerSetup(spec) }),
  };
}

function imageOf({ image, imageID = "" }: ApiContainerStatus) {
  return image === undefined || imageID === "" ? {} : { image, imageId: imageID };
}
