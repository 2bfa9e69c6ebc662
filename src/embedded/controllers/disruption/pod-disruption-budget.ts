import type { Condition, IntOrString, KubeObject, LabelSelector } from "#embedded/api/objects.ts";

export interface PodDisruptionBudget extends KubeObject {
  spec: {
    minAvailable?: IntOrString;
    maxUnavailable?: IntOrString;
    selector?: LabelSelector;
  };
  status?: BudgetStatus;
}

export interface BudgetStatus {
  observedGeneration?: number;
  /** Evicted pods, by name, whose deletion this status does not know yet: when they were evicted. */
  disruptedPods?: Record<string, string>;
  disruptionsAllowed: number;
  currentHealthy: number;
  desiredHealthy: number;
  expectedPods: number;
  conditions?: Condition[];
}
