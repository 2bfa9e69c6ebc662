import type { FailureMark, Report } from "#domain/report.ts";
import type { Termination } from "#domain/termination.ts";
import type { Cause } from "./cause.ts";
import { preStopPatch, sigtermAtMs } from "./pre-stop.ts";

/** An exit within this time of SIGTERM left no time to finish what was in flight. */
const AT_ONCE_MS = 1_000;

/** The process exits on SIGTERM while requests are in flight on connections that it had accepted. */
export const exitsAtOnce: Cause = (report) => {
  const quick = report.terminations.filter(exitedAtOnce);
  const broken = report.marks.filter((mark) => brokeInFlight(mark) && closeToAnExit(mark, quick));
  const first = quick[0];
  if (first === undefined || broken.length === 0) return undefined;
  return {
    cause: "exits-at-once",
    explanation:
      `${quick.length} of ${report.terminations.length} pods exited within ${AT_ONCE_MS} ms of SIGTERM, and ` +
      `${broken.length} requests on connections that they had accepted were cut off.`,
    fix:
      "On SIGTERM stop accepting, answer what is in flight, close idle connections, then exit. Give the " +
      "data path time to forget the pod with a preStop sleep.",
    ...preStopPatch(report),
  };
};

function exitedAtOnce(termination: Termination): boolean {
  const { exitedAtMs, exits } = termination;
  if (exitedAtMs === undefined || exits.some(({ forced }) => forced)) return false;
  return exitedAtMs - sigtermAtMs(termination) < AT_ONCE_MS;
}

function brokeInFlight({ reason, exchange }: FailureMark): boolean {
  const accepted = exchange?.connection === "reused" || exchange?.firstByteAtMs !== undefined;
  return (
    accepted &&
    (reason === "reset-before-response" ||
      reason === "closed-before-response" ||
      reason === "closed-after-idle" ||
      reason === "closed-in-headers" ||
      reason === "truncated-body" ||
      reason === "reset-in-body")
  );
}

function closeToAnExit({ atMs, pod }: FailureMark, quick: Report["terminations"]): boolean {
  return quick.some(
    (termination) =>
      (pod === undefined || pod === termination.pod) &&
      Math.abs(atMs - sigtermAtMs(termination)) < 2 * AT_ONCE_MS,
  );
}
