import type { Disruption } from "#domain/disruption.ts";
import { seededRandom } from "#domain/seeded-random.ts";
import { WORKLOAD as workload } from "./kill-nine.ts";

/** What is being done when the harness is killed, by a name for reports. */
export const KILLED: Readonly<Record<string, readonly Disruption[]>> = {
  restart: [{ type: "rolling-update", workload }],
  image: [{ type: "rolling-update", workload, change: { type: "image", image: "node:other" } }],
  env: [{ type: "rolling-update", workload, change: { type: "env", name: "A", value: "b" } }],
  annotation: [
    { type: "rolling-update", workload, change: { type: "annotation", name: "a", value: "b" } },
  ],
  undo: [
    { type: "rolling-update", workload, change: { type: "env", name: "A", value: "b" } },
    { type: "rollout-undo", workload },
  ],
  scale: [{ type: "scale", workload, replicas: 1 }],
  "scale and back": [{ type: "scale", workload, replicas: 1, andBack: true }],
  cordon: [
    { type: "cordon-nodes", workload, count: 1 },
    { type: "uncordon-nodes", workload },
  ],
  drain: [{ type: "drain-nodes", workload, count: 1 }],
  taint: [{ type: "taint-nodes", workload, count: 1 }],
};

/** Half of the moments lie where the log and the changes are written, the others anywhere in three seconds. */
export function killMoments(seed: number, count: number): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => random() * (index % 2 === 0 ? 60 : 3_000));
}
