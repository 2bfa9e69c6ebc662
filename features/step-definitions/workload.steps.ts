import { defineStep } from "../support/step-registry.ts";
import type { HarnessWorld } from "../support/world.ts";

defineStep(
  "Given",
  {
    phrases: ["{int} running Pod replica(s)", "運行中的{int}個Pod副本", "运行中的{int}个Pod副本"],
    about:
      "Applies the scenario's manifests with so many replicas and waits until all are ready; where it has none, scales the workload that is there, and back when the run ends; a DaemonSet has one a node instead.",
  },
  async function (this: HarnessWorld, replicas: number) {
    await this.explaining(() => this.startWorkload(replicas));
  },
);
