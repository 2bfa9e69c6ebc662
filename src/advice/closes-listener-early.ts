import type { FailureMark } from "#domain/report.ts";
import type { Cause } from "./cause.ts";
import { preStopPatch, sigtermAtMs } from "./pre-stop.ts";

/** The listener closes while the data path still sends new connections to the pod. */
export const closesListenerEarly: Cause = (report) => {
  const { terminations, marks } = report;
  const refused = marks.filter(
    (mark) =>
      refusedNewConnection(mark) &&
      terminations.some((termination) => {
        const untilMs = (termination.goneAtMs ?? Number.POSITIVE_INFINITY) + 1_000;
        return mark.atMs >= sigtermAtMs(termination) && mark.atMs <= untilMs;
      }),
  );
  if (refused.length === 0) return undefined;
  const withoutHook = terminations.filter(({ preStopSleepSeconds }) => !preStopSleepSeconds).length;
  return {
    cause: "closes-listener-early",
    explanation:
      `${refused.length} new connections were refused or reset by a pod that had been told to stop while ` +
      `the data path still listed it. ${withoutHook} of ${terminations.length} pods had no preStop sleep: ` +
      "deletion and deregistration are not ordered, so SIGTERM came before the data path had forgotten the pod.",
    fix: "Keep listening until the data path has forgotten the pod: sleep in preStop, then close.",
    ...preStopPatch(report),
  };
};

function refusedNewConnection({ reason, exchange }: FailureMark): boolean {
  if (exchange?.connection !== "new" || exchange.firstByteAtMs !== undefined) return false;
  return (
    reason === "connect-refused" ||
    reason === "connect-timeout" ||
    reason === "reset-before-response" ||
    reason === "closed-before-response"
  );
}
