import type { Report } from "#domain/report.ts";

/** When steady load began: pods that became ready before it are not new. */
export function loadFromMs({ closing }: Report): number {
  const phase =
    closing.phases.find(({ name }) => name === "control") ??
    closing.phases.find(({ name }) => name === "warm-up");
  return phase?.startedAtMs ?? 0;
}
