import type { AttributionSummary } from "#domain/report.ts";
import { formatCount } from "#reporting/format-quantity.ts";

/** How surely the failures were placed on pods, and by whose word; undefined when there is nothing to place. */
export function describeAttribution(summary: AttributionSummary | undefined): string | undefined {
  if (summary === undefined || summary.failures === 0) return undefined;
  const { failures, contradicted, compared } = summary;
  const parts = [
    counted(summary.provenByAnswer, "proven by the pod's own answer"),
    counted(summary.provenByDataPath, "proven by the data path"),
    counted(summary.ledToNobody, "led to nobody by the data path"),
    counted(summary.sameConnection, "by an earlier answer on the connection"),
    counted(summary.inferred, "inferred"),
    counted(summary.unknown, "unknown"),
  ].flat();
  const against =
    contradicted === 0
      ? ""
      : ` On ${formatCount(contradicted)} of ${formatCount(compared)} answered connections the data path named another pod than the answer did: do not rely on it.`;
  return `Which pod ${formatCount(failures)} failures met: ${parts.join(", ")}.${WITNESS[summary.dataPath]}${against}`;
}

function counted(count: number, words: string): readonly string[] {
  return count === 0 ? [] : [`${formatCount(count)} ${words}`];
}

const WITNESS: Readonly<Record<AttributionSummary["dataPath"], string>> = {
  heard: "",
  silent: " The data path of this cluster could not be heard.",
  "not-there":
    " Nobody tells where this cluster's data path led a connection, so a failure without an answer proves nothing of its pod.",
};
