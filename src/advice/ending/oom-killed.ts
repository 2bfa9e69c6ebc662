import type { Cause } from "#advice/cause.ts";
import type { Leaving } from "#advice/leaving.ts";
import { casesOf, several, time } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** The kernel killed a container for its memory while it was to shut down: 137 of another kind. */
export const oomKilled: Cause = ({ report, leavings, failures }) => {
  const killed = leavings.flatMap((leaving) => {
    const exit = leaving.termination.exits.find(({ reason }) => reason === "OOMKilled");
    return exit === undefined ? [] : [{ leaving, container: exit.container }];
  });
  const [first] = killed;
  if (first === undefined) return undefined;
  const { container } = first;
  const limit = limitOf(first.leaving, container);
  const raised = limit === undefined ? undefined : doubled(limit);
  const pods = new Set(killed.map(({ leaving }) => leaving));
  return {
    advice: {
      cause: "oom-killed",
      explanation:
        `${killed.length} of ${several(leavings.length, "pod")} had ${container} killed by the kernel for its ` +
        `memory${limit === undefined ? "" : ` (limit ${limit})`} after the deletion was requested: the ` +
        "shutdown itself needs more memory than serving did. The grace period was not over.",
      confidence: "proven",
      evidence: casesOf(killed.map(describe)),
      fix:
        "Find what the shutdown path allocates (flushing everything at once, dumping state) and bound it; " +
        "until then give the container a higher memory limit.",
      ...(raised !== undefined && {
        patch: writePatch(report.header.workload.kind, {
          containers: [{ name: container, memoryLimit: raised }],
        }),
      }),
    },
    explains: failures.filter(({ leaving }) => leaving !== undefined && pods.has(leaving)),
  };
};

function describe({
  leaving,
  container,
}: {
  readonly leaving: Leaving;
  readonly container: string;
}) {
  const { pod, exitedAtMs, deletionRequestedAtMs } = leaving.termination;
  const after =
    exitedAtMs === undefined ? "" : `, ${time(exitedAtMs - deletionRequestedAtMs)} after T0`;
  return `${pod}/${container}: OOMKilled${after}`;
}

function limitOf({ setup }: Leaving, container: string): string | undefined {
  return setup?.containers.find(({ name }) => name === container)?.memoryLimit;
}

/** Twice the quantity, in its own unit; undefined when it is written in a way that is not worth guessing. */
function doubled(quantity: string): string | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([KMGT]i?|k)?$/.exec(quantity) ?? [];
  return number === undefined ? undefined : `${Number(number) * 2}${unit ?? ""}`;
}
