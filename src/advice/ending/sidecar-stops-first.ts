import type { Cause } from "#advice/cause.ts";
import { containerNames, feltFromMs, type Leaving, sigtermOrDeletionMs } from "#advice/leaving.ts";
import { drainSeconds } from "#advice/pre-stop.ts";
import { casesOf, countOf, several } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** A container that the program needs, a proxy most often, was gone before the program had drained. */
export const sidecarStopsFirst: Cause = (clues) => {
  const { report, leavings, failures } = clues;
  const workload = report.header.workload;
  const early = leavings.flatMap((leaving) => {
    const sidecar = stoppedFirst(leaving, workload.name);
    return sidecar === undefined ? [] : [{ leaving, sidecar }];
  });
  const [first] = early;
  if (first === undefined) return undefined;
  const stops = new Map(early.map(({ leaving, sidecar }) => [leaving, toldAtMs(leaving, sidecar)]));
  const lost = failures.filter(
    ({ leaving, endedAtMs }) =>
      leaving !== undefined && endedAtMs >= (stops.get(leaving) ?? Number.POSITIVE_INFINITY),
  );
  if (lost.length === 0) return undefined;
  const sleepSeconds = drainSeconds(clues);
  const hook = first.leaving.setup?.containers.find(({ name }) => name === first.sidecar)?.preStop;
  return {
    advice: {
      cause: "sidecar-stops-first",
      explanation:
        `In ${early.length} of ${several(leavings.length, "pod")} the container ${first.sidecar} had stopped ` +
        "before the program had: the kubelet stops all containers of a pod at once, each after its own preStop. " +
        `${countOf(lost, "request", clues)} to these pods failed after that.`,
      confidence: "likely",
      evidence: casesOf(early.map(({ leaving, sidecar }) => describeOrder(leaving, sidecar))),
      fix:
        `Make ${first.sidecar} a native sidecar (an init container with restartPolicy: Always), which the ` +
        "kubelet stops after the others; or let it sleep in preStop for as long as the program drains.",
      patch: writePatch(workload.kind, {
        containers: [
          {
            name: first.sidecar,
            preStopSleepSeconds: sleepSeconds,
            ...(hook !== undefined && { replaces: hook }),
          },
        ],
      }),
    },
    explains: lost,
  };
};

/** A container without a hook gets SIGTERM while others still sleep in theirs. */
function toldAtMs(leaving: Leaving, container: string): number {
  const own = leaving.setup?.containers.find(({ name }) => name === container);
  if (own === undefined || (own.preStop !== undefined && own.preStop.type !== "sleep")) {
    return sigtermOrDeletionMs(leaving);
  }
  return feltFromMs(leaving) + (own.preStop?.seconds ?? 0) * 1000;
}

/** The program is the container that the workload is named after, or the first. Times are to the second. */
function stoppedFirst(leaving: Leaving, workload: string): string | undefined {
  const names = containerNames(leaving);
  const program = names.includes(workload) ? workload : names[0];
  const finishedAt = finishOf(leaving, program);
  if (finishedAt === undefined) return undefined;
  return names.find((name) => {
    const other = finishOf(leaving, name);
    return name !== program && other !== undefined && other < finishedAt;
  });
}

/** Kubernetes writes all times in UTC and in one form, so that their texts compare as they do. */
function finishOf({ termination }: Leaving, container: string | undefined): string | undefined {
  return termination.exits.find((exit) => exit.container === container)?.finishedAt;
}

function describeOrder({ termination }: Leaving, sidecar: string): string {
  const order = termination.exits.map(({ container, finishedAt }) => `${container} ${finishedAt}`);
  return `${termination.pod}: ${sidecar} stopped first (${order.join(", ")})`;
}
