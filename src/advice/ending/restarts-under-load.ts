import type { Cause } from "#advice/cause.ts";
import type { Failure } from "#advice/failure.ts";
import { loadSpanAt } from "#advice/load-span.ts";
import { casesOf, countOf, several, time } from "#advice/words.ts";
import type { ContainerRestart, PodLane, Report } from "#domain/report.ts";

/** A restart shows in the API this much later than the container ended, at most. */
const SEEN_WITHIN_MS = 10_000;

interface Restart extends ContainerRestart {
  readonly lane: PodLane;
}

/** Containers of pods that were to stay began anew: no rollout explains what that cost. */
export const restartsUnderLoad: Cause = (clues) => {
  const { report, failures } = clues;
  const restarts = findRestarts(report);
  const [first] = restarts;
  const lost = failures.filter((failure) => restarts.some((restart) => met(failure, restart)));
  if (first === undefined || lost.length === 0) return undefined;
  const probed = restarts.some(({ lane }) =>
    lane.warnings?.some(({ message }) => message.startsWith("Liveness probe failed")),
  );
  return {
    advice: {
      cause: "restarts-under-load",
      explanation:
        `${first.container} was restarted ${several(restarts.length, "time")} in pods that nobody had asked to ` +
        `leave${describeEnd(first)}${probed ? ", after its liveness probe had failed" : ""}, and ` +
        `${countOf(lost, "request", clues)} failed at about these times. The endpoint stays ready until the ` +
        "readiness probe notices.",
      confidence: lost.some(({ mark }) => mark.pod === first.lane.pod) ? "likely" : "possible",
      evidence: casesOf(
        restarts.map(({ lane, container, atMs }) => `${lane.pod}/${container}: ${time(atMs)}`),
      ),
      fix: probed
        ? "Let the liveness probe wait longer than the slowest answer under load (timeoutSeconds, " +
          "failureThreshold), or ask for less: it is there for a program that hangs for good."
        : "Read the last log lines of the container that ended (kubectl logs --previous).",
    },
    explains: lost,
  };
};

function findRestarts(report: Report): readonly Restart[] {
  return report.lanes.flatMap((lane) => {
    const untilMs = lane.termination?.deletionRequestedAtMs ?? Number.POSITIVE_INFINITY;
    const restarts = (lane.restarts ?? []).filter(
      ({ atMs }) => atMs < untilMs && loadSpanAt(report, atMs) !== undefined,
    );
    return restarts.map((restart) => ({ ...restart, lane }));
  });
}

/** A failure that names another pod, or that a leaving or a new pod explains, is not the restart's. */
function met({ mark, leaving, startingPod, endedAtMs }: Failure, { lane, atMs }: Restart): boolean {
  if (leaving !== undefined || startingPod !== undefined) return false;
  if (mark.pod !== undefined && mark.pod !== lane.pod) return false;
  return endedAtMs <= atMs + SEEN_WITHIN_MS && endedAtMs >= atMs - SEEN_WITHIN_MS;
}

function describeEnd({ exitCode, reason }: ContainerRestart): string {
  if (exitCode === undefined) return "";
  return ` (it had ended with exit code ${exitCode}${reason === undefined ? "" : `, ${reason}`})`;
}
