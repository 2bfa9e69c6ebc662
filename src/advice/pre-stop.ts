import type { Report } from "#domain/report.ts";
import type { Termination } from "#domain/termination.ts";

/** When SIGTERM was sent, as far as the API tells: at once, or after the sleep of the preStop hook. */
export function sigtermAtMs({ deletionRequestedAtMs, preStopSleepSeconds }: Termination): number {
  return deletionRequestedAtMs + (preStopSleepSeconds ?? 0) * 1000;
}

/** Whole seconds that a preStop sleep must last to outlive the data path, with half as much again. */
export function neededPreStopSeconds({ lanes, marks, terminations }: Report): number {
  const arrivals = lanes.flatMap(({ termination, lastNewConnectionAtMs }) =>
    termination === undefined || lastNewConnectionAtMs === undefined
      ? []
      : [lastNewConnectionAtMs - termination.deletionRequestedAtMs],
  );
  const refusals = marks.flatMap(({ exchange, atMs }) => {
    if (exchange?.connection !== "new") return [];
    const before = terminations.filter(
      ({ deletionRequestedAtMs }) => deletionRequestedAtMs <= atMs,
    );
    const latest = before.at(-1);
    return latest === undefined ? [] : [atMs - latest.deletionRequestedAtMs];
  });
  return Math.max(1, Math.ceil((Math.max(0, ...arrivals, ...refusals) * 1.5) / 1000));
}

/** A strategic-merge patch that makes each container sleep before SIGTERM, and gives the grace for it. */
export function preStopPatch(report: Report): { readonly patch?: string } {
  const first = report.terminations[0];
  const containers = first?.exits.map(({ container }) => container) ?? [];
  if (first === undefined || containers.length === 0) return {};
  const seconds = neededPreStopSeconds(report);
  const grace = Math.max(first.gracePeriodSeconds, seconds + first.gracePeriodSeconds);
  return {
    patch: [
      "spec:",
      "  template:",
      "    spec:",
      `      terminationGracePeriodSeconds: ${grace}`,
      "      containers:",
      ...containers.flatMap((name) => [
        `        - name: ${name}`,
        "          lifecycle:",
        "            preStop:",
        `              sleep: { seconds: ${seconds} }`,
      ]),
      "",
    ].join("\n"),
  };
}
