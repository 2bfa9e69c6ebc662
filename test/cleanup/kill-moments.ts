import type { Disruption } from "#domain/disruption.ts";
import { seededRandom } from "#domain/seeded-random.ts";
import type { WorkloadRef } from "#domain/workload.ts";

/** What is being done when the harness is killed. */
export interface KilledRun {
  readonly workload: WorkloadRef;
  readonly disruptions: readonly Disruption[];
  /** What the harness says when the moments begin to count: its set-up, or its first disruption. */
  readonly from: "setup" | "disrupting";
  /** How long it has to do. */
  readonly spanMs: number;
}

const workload = { kind: "Deployment", namespace: "shop-test", name: "web" } as const;
const set = { kind: "StatefulSet", namespace: "set-test", name: "web" } as const;
const env = { type: "env", name: "A", value: "b" } as const;

/** By a name for reports: everything that has something to restore. */
export const KILLED: Readonly<Record<string, KilledRun>> = {
  restart: run({ type: "rolling-update", workload }),
  image: run({ type: "rolling-update", workload, change: { type: "image", image: "node:other" } }),
  env: run({ type: "rolling-update", workload, change: env }),
  annotation: run({
    type: "rolling-update",
    workload,
    change: { type: "annotation", name: "a", value: "b" },
  }),
  undo: run({ type: "rolling-update", workload, change: env }, { type: "rollout-undo", workload }),
  scale: run({ type: "scale", workload, replicas: 1 }),
  "scale and back": run({ type: "scale", workload, replicas: 1, andBack: true }),
  cordon: run({ type: "cordon-nodes", workload, count: 1 }, { type: "uncordon-nodes", workload }),
  drain: run({ type: "drain-nodes", workload, count: 1 }),
  taint: run({ type: "taint-nodes", workload, count: 1 }),
  "stateful set": run({ type: "rolling-update", workload: set, change: env }),
  "scale a stateful set": run({ type: "scale", workload: set, replicas: 1 }),
  shutdown: { ...run({ type: "shut-down-nodes", workload, count: 1 }), spanMs: 5_000 },
  loss: { ...run({ type: "lose-nodes", workload, count: 1 }), spanMs: 9_000 },
  "loss and return": {
    ...run({ type: "lose-nodes", workload, count: 1 }, { type: "turn-on-nodes", workload }),
    spanMs: 11_000,
  },
  "a namespace of its own": {
    workload: { ...workload, namespace: "made-test" },
    disruptions: [{ type: "rolling-update", workload: { ...workload, namespace: "made-test" } }],
    from: "setup",
    spanMs: 3_000,
  },
};

function run(...disruptions: readonly [Disruption, ...Disruption[]]): KilledRun {
  const [first] = disruptions;
  const disturbed = "workload" in first ? first.workload : workload;
  return { workload: disturbed, disruptions, from: "disrupting", spanMs: 3_000 };
}

/** Half of the moments lie where the log and the changes are written, the others anywhere in the run. */
export function killMoments(
  { spanMs }: Pick<KilledRun, "spanMs">,
  { seed, count }: { readonly seed: number; readonly count: number },
): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => random() * (index % 2 === 0 ? 60 : spanMs));
}
