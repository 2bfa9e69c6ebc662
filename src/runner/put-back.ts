import { type Restored, restoreStep } from "#disruptions/restore-step.ts";
import { type NetChange, netChanges } from "#domain/net-changes.ts";
import { describeUndoStep, type UndoStep } from "#domain/undo-step.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { UndoLog } from "#ports/undo-log.ts";

/** What became of one step, for whoever is told. */
export interface PutBack {
  readonly step: NetChange;
  readonly outcome: Restored | { readonly type: "failed"; readonly because: string };
}

/**
 * Takes back what the log holds and `wanted` lets through, the last change first. What could not be taken
 * back stays in the log, for another try; so does what was not wanted and yet is worth knowing of.
 */
export async function putBack(
  { undo, cluster, wanted }: { undo: UndoLog; cluster: Cluster; wanted: readonly UndoStep[] },
  signal: AbortSignal,
): Promise<readonly PutBack[]> {
  const done: PutBack[] = [];
  for (const step of netChanges(wanted)) {
    try {
      done.push({ step, outcome: await restoreStep(step, cluster, signal) });
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      done.push({ step, outcome: { type: "failed", because } });
    }
  }
  const failed = new Set(
    done.flatMap(({ step, outcome }) =>
      outcome.type === "failed" ? [describeUndoStep(step)] : [],
    ),
  );
  await undo.keep(
    undo.steps.filter(
      (step) =>
        failed.has(describeUndoStep(step)) || (step.type === "created" && !wanted.includes(step)),
    ),
    { ended: failed.size === 0 },
  );
  return done;
}

/**
 * What a run takes back itself: all its changes when it broke off. When it came to its end, a change that
 * `stays` is left, because taking it back would disturb the workload once more; but what lies beneath it in
 * the same field has to go, and then it goes too.
 */
export function stepsOfEnd(steps: readonly UndoStep[], brokenOff: boolean): readonly UndoStep[] {
  const changes = steps.filter(({ type }) => type !== "lease" && type !== "created");
  if (brokenOff) return changes;
  const mustGo = new Set(changes.filter((step) => !isStaying(step)).map(describeUndoStep));
  return changes.filter((step) => mustGo.has(describeUndoStep(step)));
}

function isStaying(step: UndoStep): boolean {
  return step.type === "field" && step.stays === true;
}

/** `Deployment shop/web: /spec/replicas restored`: one line a step, for people. */
export function describePutBack({ step, outcome }: PutBack): string {
  const what = describeUndoStep(step);
  switch (outcome.type) {
    case "restored":
      return `${what} restored`;
    case "unchanged":
      return `${what} is as it was`;
    case "left":
      return `${what} left alone: ${outcome.because}`;
    case "failed":
      return `${what} could not be restored: ${outcome.because}`;
  }
}

/** What one that was interrupted in shutting down takes to be off, and then to be Ready. */
const MACHINE_MS = 220_000;

/**
 * How long all of it may take, after which a cluster that does not answer is left as it is; the undo log stays for
 * `lastcall cleanup`. A machine takes its time to boot.
 */
export function putBackLimitMs(steps: readonly UndoStep[]): number {
  const machines = new Set(steps.flatMap((step) => (step.type === "machine" ? [step.node] : [])));
  return 30_000 + machines.size * MACHINE_MS;
}
