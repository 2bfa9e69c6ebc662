import type { Cause } from "#advice/cause.ts";
import { verdictOf } from "#advice/measured.ts";
import { casesOf, several } from "#advice/words.ts";
import type { Leak } from "#domain/report.ts";

/** Requests leave files or sockets open. A shutdown hides that, and a longer life does not. */
export const leaksDescriptors: Cause = ({ report }) => {
  const leaks = (report.leaks ?? []).filter(({ of }) => of === "descriptors");
  if (leaks.length === 0) return undefined;
  const most = Math.max(...leaks.map(({ count }) => count));
  const sockets = leaks.every(({ count, sockets: own = 0 }) => 2 * own > count);
  return {
    advice: {
      cause: "leaks-descriptors",
      explanation:
        `${several(leaks.length, "container")} had up to ${most} descriptors more open after the load, when nobody ` +
        `asked anything, than before it; most of them are ${sockets ? "sockets" : "files or pipes"}. At the limit of open files ` +
        "the program can accept no connection any more.",
      confidence: "likely",
      evidence: casesOf(leaks.map(describe)),
      fix: sockets
        ? "Close the connections that a request opens to others, also when it fails, or take them from a pool with a limit."
        : "Close what a request opens, also when it fails: `finally`, `with`, `defer`, try-with-resources.",
      ...(verdictOf(report, "leaks") !== "fail" && { hint: true }),
    },
    explains: [],
  };
};

function describe({ pod, container, count, sockets = 0 }: Leak): string {
  return `${pod}/${container}: ${count} more, ${sockets} of them sockets`;
}
