import type { WorkloadSnapshot } from "#domain/observation.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { ApiWorkload } from "./api-objects.ts";

/** The counts under one set of names: a DaemonSet's status spells them differently. */
export function workloadSnapshot(
  kind: WorkloadRef["kind"],
  { metadata, spec, status = {} }: ApiWorkload,
): WorkloadSnapshot {
  const counts =
    kind === "DaemonSet"
      ? {
          desired: status.desiredNumberScheduled ?? 0,
          ready: status.numberReady ?? 0,
          updated: status.updatedNumberScheduled ?? 0,
          available: status.numberAvailable ?? 0,
        }
      : {
          desired: spec.replicas ?? 1,
          ready: status.readyReplicas ?? 0,
          updated: status.updatedReplicas ?? 0,
          available: status.availableReplicas ?? 0,
        };
  const revision =
    metadata.annotations?.["deployment.kubernetes.io/revision"] ?? status.updateRevision;
  const maxUnavailable = (spec.strategy ?? spec.updateStrategy)?.rollingUpdate?.maxUnavailable;
  return {
    kind,
    name: metadata.name,
    generation: metadata.generation ?? 0,
    ...(status.observedGeneration !== undefined && {
      observedGeneration: status.observedGeneration,
    }),
    ...counts,
    ...(revision !== undefined && { revision }),
    minReadySeconds: spec.minReadySeconds ?? 0,
    ...(maxUnavailable !== undefined && { maxUnavailable }),
  };
}
