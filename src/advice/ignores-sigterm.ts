import type { Cause } from "./cause.ts";

/** The process did not stop when it was told to, so the kubelet killed it with whatever it was doing. */
export const ignoresSigterm: Cause = ({ terminations, header }) => {
  const forced = terminations.filter(({ exits }) => exits.some((exit) => exit.forced));
  const first = forced[0];
  if (first === undefined) return undefined;
  const container = first.exits.find((exit) => exit.forced)?.container ?? "the container";
  return {
    cause: "ignores-sigterm",
    explanation:
      `${forced.length} of ${terminations.length} pods of ${header.workload.name} were still running when ` +
      `their ${first.gracePeriodSeconds} s of grace were over and were killed (exit code 137). ` +
      `PID 1 of ${container} does not act on SIGTERM: it installed no handler, or it is a shell that does ` +
      "not pass the signal on.",
    fix:
      "Handle SIGTERM in the program: stop accepting, finish what is in flight, exit 0. If a shell starts " +
      "it, use `exec` so that the program itself is PID 1.",
  };
};
