import type { Cause } from "#advice/cause.ts";
import { exitedSoon } from "#advice/ended-at-signal.ts";
import type { Failure } from "#advice/failure.ts";
import { feltFromMs, type Leaving } from "#advice/leaving.ts";
import { sleepFirst } from "#advice/pre-stop.ts";
import { countOf, evidenceOf, OTHER_SIGNAL, several } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";
import { wasAtWork } from "./was-at-work.ts";

/** Requests lost within this time of SIGTERM were given no time to finish. */
const AT_ONCE_MS = 1_000;

/** The process exits on SIGTERM while requests that it had accepted are in flight. */
export const exitsAtOnce: Cause = (clues) => {
  const { report, leavings, failures } = clues;
  const quick = new Set(leavings.filter(exitedSoon));
  const met = failures.filter(({ leaving }) => leaving !== undefined && quick.has(leaving));
  const cut = met.filter(brokeAtOnce);
  // Answers that were all begun and not ended are a fault of their own.
  if (!cut.some(wasAtWork)) return undefined;
  const broken = new Set(cut.map(({ leaving }) => leaving)).size;
  const change = sleepFirst(clues);
  return {
    advice: {
      cause: "exits-at-once",
      explanation:
        `${quick.size} of ${several(leavings.length, "pod")} exited at SIGTERM` +
        `${describeCodes(quick)}, and ` +
        `${countOf(cut, "request", clues)} that ${broken === 1 ? "one of them" : `${broken} of them`} had ` +
        "accepted were cut off.",
      confidence: cut.some(provesEnd) ? "proven" : "likely",
      evidence: evidenceOf(cut),
      fix:
        "On SIGTERM stop accepting, answer what is in flight, close idle connections, then exit. Give the " +
        `data path time to forget the pod with a preStop sleep. ${OTHER_SIGNAL}`,
      ...(change !== undefined && { patch: writePatch(report.header.workload.kind, change) }),
    },
    explains: met.filter(({ kind }) => kind !== "error-answer" && kind !== "nobody-ready"),
  };
};

/**
 * An exit is seen up to 2.5 s late, and who drained for two seconds has not exited at once. It has where the exit
 * was seen by then, or where a pod that names itself lost the request and gave no answer after SIGTERM.
 */
function provesEnd({ leaving, mark }: Failure): boolean {
  if (leaving?.sigtermAtMs === undefined) return false;
  const { exitedAtMs = Number.POSITIVE_INFINITY, lastAnswerAtMs } = leaving.termination;
  const isNamed = mark.attribution === "proven" || mark.attribution === "same-connection";
  return (
    exitedAtMs - leaving.sigtermAtMs <= AT_ONCE_MS || (isNamed && lastAnswerAtMs !== undefined)
  );
}

/** What an exit code says of a program that ended at SIGTERM; 0 is an end of its own choice. */
function describeCodes(leavings: ReadonlySet<Leaving>): string {
  const codes = [...leavings].flatMap(({ termination }) =>
    termination.exits.map(({ exitCode }) => exitCode),
  );
  const code = codes.find((each) => each !== 0);
  if (code === undefined) return "";
  if (code === 143) return " (exit code 143: the signal itself ended them)";
  if (code === 2) return " (exit code 2: so ends a Go program that does not handle SIGTERM)";
  return ` (exit code ${code}: a handler that ends with it, or that fails; the last log lines tell)`;
}

/** How far before its inferred moment SIGTERM may have come, as far as the watch was late with T0. */
function slackMsOf(leaving: Leaving): number {
  return leaving.termination.deletionRequestedAtMs - feltFromMs(leaving);
}

function brokeAtOnce({ kind, leaving, endedAtMs }: Failure): boolean {
  if (leaving?.sigtermAtMs === undefined) return false;
  if (kind !== "cut" && kind !== "mid-response") return false;
  const sinceSigtermMs = endedAtMs - leaving.sigtermAtMs;
  return sinceSigtermMs >= -slackMsOf(leaving) && sinceSigtermMs <= AT_ONCE_MS;
}
