import type { Controller } from "./controller.ts";
import { cronJobController } from "./cron-job/cron-job-controller.ts";
import { daemonSetController } from "./daemon-set/daemon-set-controller.ts";
import { deploymentController } from "./deployment/deployment-controller.ts";
import { disruptionController } from "./disruption/disruption-controller.ts";
import { staleDisruptionTarget } from "./disruption/stale-disruption-target.ts";
import { endpointSliceController } from "./endpoints/endpoint-slice-controller.ts";
import { legacyEndpointsController } from "./endpoints/legacy-endpoints-controller.ts";
import { sliceMirroringController } from "./endpoints/slice-mirroring-controller.ts";
import { garbageCollector } from "./garbage/garbage-collector.ts";
import { jobController } from "./job/job-controller.ts";
import { namespaceController } from "./namespaces/namespace-controller.ts";
import { nodeLifecycleController } from "./nodes/node-lifecycle-controller.ts";
import { podGarbageController } from "./nodes/pod-garbage-controller.ts";
import { taintEvictionController } from "./nodes/taint-eviction-controller.ts";
import { resourceQuotaController } from "./quota/resource-quota-controller.ts";
import { REPLICA_SET, REPLICATION_CONTROLLER } from "./replica-set/replica-kind.ts";
import { replicaController } from "./replica-set/replica-set-controller.ts";
import { scheduler } from "./scheduler/scheduler.ts";
import { rootCaPublisher } from "./service-accounts/root-ca-publisher.ts";
import { serviceAccountController } from "./service-accounts/service-account-controller.ts";
import { statefulSetController } from "./stateful-set/stateful-set-controller.ts";
import { claimBinder } from "./volumes/claim-binder.ts";

/** Everything that Kubernetes' controller manager and scheduler do and that this cluster knows. */
export function controllers(nodeMonitorGraceMs?: number): readonly Controller[] {
  return [
    endpointSliceController(),
    legacyEndpointsController(),
    sliceMirroringController,
    scheduler,
    replicaController(REPLICA_SET),
    replicaController(REPLICATION_CONTROLLER),
    deploymentController,
    statefulSetController,
    daemonSetController,
    jobController(),
    cronJobController,
    disruptionController,
    staleDisruptionTarget,
    nodeLifecycleController(nodeMonitorGraceMs),
    taintEvictionController(),
    podGarbageController(),
    namespaceController,
    serviceAccountController,
    rootCaPublisher(),
    garbageCollector(),
    claimBinder,
    resourceQuotaController(),
  ];
}
