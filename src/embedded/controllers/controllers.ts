import type { Controller } from "./controller.ts";
import { deploymentController } from "./deployment/deployment-controller.ts";
import { endpointSliceController } from "./endpoints/endpoint-slice-controller.ts";
import { legacyEndpointsController } from "./endpoints/legacy-endpoints-controller.ts";
import { garbageCollector } from "./garbage/garbage-collector.ts";
import { namespaceController } from "./namespaces/namespace-controller.ts";
import { replicaSetController } from "./replica-set/replica-set-controller.ts";
import { scheduler } from "./scheduler/scheduler.ts";
import { serviceAccountController } from "./service-accounts/service-account-controller.ts";
import { claimBinder } from "./volumes/claim-binder.ts";

/** Everything that Kubernetes' controller manager and scheduler do and that this cluster knows. */
export function controllers(): readonly Controller[] {
  return [
    scheduler,
    replicaSetController,
    deploymentController,
    endpointSliceController(),
    legacyEndpointsController(),
    namespaceController,
    serviceAccountController,
    garbageCollector(),
    claimBinder,
  ];
}
