import type { PodSnapshot } from "./observation.ts";
import { optional } from "./optional.ts";
import type { ContainerExit } from "./termination.ts";

/** How each container of a pod ended, and whether it had to be killed; `afterMs` counts from T0. */
export function containerExits(
  pod: PodSnapshot,
  { afterMs, graceSeconds }: { readonly afterMs: number; readonly graceSeconds: number },
): readonly ContainerExit[] {
  const graceSpent = afterMs >= graceSeconds * 1000 - CLOCK_SLACK_MS;
  const lastFinishedAt = pod.containers
    .map((each) => each.finishedAt ?? "")
    .toSorted()
    .at(-1);
  return pod.containers.flatMap(({ name, exitCode, reason, finishedAt }) =>
    exitCode === undefined
      ? []
      : [
          {
            container: name,
            exitCode,
            ...optional("reason", reason),
            // 137 alone is no proof: OOM kills and lost containers (ContainerStatusUnknown) carry it too,
            // and one that ended well before its siblings did not outlive the grace.
            forced:
              exitCode === 137 &&
              reason === "Error" &&
              graceSpent &&
              endedTogether(finishedAt, lastFinishedAt),
            ...optional("finishedAt", finishedAt),
          },
        ],
  );
}

/** Kubernetes writes whole seconds, so what ended together may read one second apart. */
function endedTogether(finishedAt: string | undefined, last: string | undefined): boolean {
  if (finishedAt === undefined || last === undefined || last === "") return true;
  return secondsOf(last) - secondsOf(finishedAt) <= 1;
}

/** Seconds within an RFC 3339 day; terminations that span midnight differ by a day at most. */
function secondsOf(timestamp: string): number {
  const [, day = "0", hours = "0", minutes = "0", seconds = "0"] =
    /-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(timestamp) ?? [];
  return ((Number(day) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}

/** The watch and Kubernetes' whole seconds may each make a grace that was spent look a little shorter. */
const CLOCK_SLACK_MS = 500;
