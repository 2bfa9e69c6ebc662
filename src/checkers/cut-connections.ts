import { overlapsAny } from "#domain/exposure-windows.ts";
import type { ConnectionEnd, Cut, HeldConnection } from "#domain/held-connection.ts";
import type { Measurement } from "#domain/measurement.ts";
import type { Checker } from "./checker.ts";
import { EvidenceList } from "./evidence-list.ts";
import { PartTally } from "./part-tally.ts";

const HOW: Readonly<Record<Cut, string>> = {
  fin: "ended without a close frame",
  reset: "reset",
  silent: "left without an answer",
  "broken-frame": "ended by a broken frame",
  code: "closed with an error",
};

/** How many long-lived connections were cut while a pod was leaving, instead of being closed in order? */
export const cutConnections: Checker = (facts) => ({
  finish() {
    const { history, exposed } = facts;
    const { connections = [], header } = history;
    const metric = "cut-connections";
    const ended = connections.filter(({ end }) => end.type !== "held");
    const met = ended.filter(({ endedAtMs }) => overlapsAny(exposed, endedAtMs, endedAtMs));
    const cut = met.filter(isCut);
    const evidence = new EvidenceList();
    const tally = new PartTally(facts);
    for (const held of cut) {
      evidence.note(describe(held));
      tally.add(held.endedAtMs);
    }
    const base = { metric, sample: met.length, evidence: evidence.toEvidence() } as const;
    if (!header.load.some(({ type }) => type === "websocket"))
      return { ...base, doubts: [], summary: "The load has no websocket stream." };
    const elsewhere = ended.filter(isCut).length - cut.length;
    return {
      ...base,
      value: tally.worst,
      ...tally.whileWell,
      counts: [{ of: "connections", failures: cut.length, tried: met.length }],
      doubts: doubtsOf(met),
      summary:
        `${cut.length} of ${met.length} held connections that ended while pods left were cut${tally.described}, ` +
        `${met.length - cut.length} closed in order; ${describeMoves(met, connections)}; ` +
        `${sum(met, "unanswered")} messages on them had no answer, ${sum(met, "repeated")} had one twice` +
        `${elsewhere === 0 ? "" : `; ${elsewhere} more were cut when no pod was leaving`}`,
    };
  },
});

function isCut({ end }: HeldConnection): boolean {
  return end.type === "cut";
}

/** Where no connection ended, no pod has shown how it ends one. */
function doubtsOf(met: readonly HeldConnection[]): Measurement["doubts"] {
  return met.length > 0 ? [] : ["No held connection ended while a pod was leaving."];
}

/** The next in the same place took over; it may have met the same pod again. */
function describeMoves(
  met: readonly HeldConnection[],
  connections: readonly HeldConnection[],
): string {
  const places = Map.groupBy(connections, ({ stream, place }) => `${place} ${stream}`);
  const next = met.map((held) => {
    const others = places.get(`${held.place} ${held.stream}`) ?? [];
    const later = others.filter(({ openedAtMs }) => openedAtMs > held.openedAtMs);
    return { held, taken: later.toSorted((a, b) => a.openedAtMs - b.openedAtMs)[0] };
  });
  const moved = next.filter(({ held, taken }) => taken !== undefined && taken.pod !== held.pod);
  return `${moved.length} moved to another pod`;
}

function sum(held: readonly HeldConnection[], field: "unanswered" | "repeated"): number {
  return held.reduce((total, each) => total + each[field], 0);
}

function describe({ stream, pod, end, ...held }: HeldConnection): string {
  const at = (held.endedAtMs / 1000).toFixed(2);
  const to = pod === undefined ? "" : ` to ${pod}`;
  return `${stream}${to}: ${describeEnd(end)} at ${at} s with ${held.unanswered} messages unanswered`;
}

function describeEnd(end: ConnectionEnd): string {
  if (end.type !== "cut") return end.type;
  return end.code === undefined ? HOW[end.by] : `${HOW[end.by]} (${end.code})`;
}
