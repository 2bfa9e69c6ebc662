import type { HarnessError } from "#domain/errors.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import { makeNamespaces } from "./make-namespaces.ts";
import { holdLease, type RunLease } from "./run-lease.ts";
import type { RunOptions } from "./run-options.ts";

type Occupying = Pick<
  RunOptions,
  "cluster" | "clock" | "undo" | "progress" | "identity" | "scenario"
> & { readonly objects: readonly KubernetesObject[] };

/** Nobody else may be at work where this run is, and what it needs has to be there. */
export async function occupyNamespace(
  { cluster, clock, undo, progress, identity, scenario, objects }: Occupying,
  { onLost }: { readonly onLost: (error: HarnessError) => void },
  signal: AbortSignal,
): Promise<RunLease> {
  const { runId, startedAt } = identity;
  const { namespace } = scenario.workload;
  await makeNamespaces({ cluster, undo, runId, objects, namespace }, signal);
  const step = { type: "lease", namespace, runId } as const;
  await undo.record(step);
  return await holdLease(
    {
      ...{ cluster, clock, namespace, runId, startedAt, onLost },
      onWaiting: (holder, seconds) =>
        progress.note(
          `The run ${holder} holds ${namespace}; if it has died, that is certain in ${seconds} s.`,
        ),
      async onLeft(because) {
        progress.note(`The Lease ${namespace}/lastcall could not be given back: ${because}`);
        await undo.record(step); // the end of the run had forgotten it
      },
    },
    signal,
  );
}
