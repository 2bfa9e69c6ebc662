import type { Controller } from "./controller.ts";
import { deploymentController } from "./deployment/deployment-controller.ts";
import { replicaSetController } from "./replica-set/replica-set-controller.ts";

/** Everything that Kubernetes' controller manager and scheduler do and that this cluster knows. */
export function controllers(): readonly Controller[] {
  return [deploymentController, replicaSetController];
}
