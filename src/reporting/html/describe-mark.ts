import type { Exchange } from "#domain/exchange.ts";
import type { Attribution, FailureMark, TimelineFacts } from "#domain/report.ts";
import { formatCount, formatDuration, formatInstant } from "#reporting/format-quantity.ts";
import type { MarkBundle } from "./mark-bundles.ts";
import { SLOW } from "./slow-marks.ts";

/** What the page shows when a mark is pointed at, ready to be read. */
interface MarkCard {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/** The first of a bundle in full; the others only by their number and their last moment. */
export function describeMark({ first, marks, lane }: MarkBundle, report: TimelineFacts): MarkCard {
  const { exchange, status, reason } = first;
  const last = marks.at(-1);
  const more = marks.length - 1;
  return {
    title: status === undefined ? reason : `${reason}, status ${status}`,
    rows: [
      ["Request", `${first.stream} #${first.seq}`],
      [
        reason === SLOW ? "Answered at" : "Failed at",
        `${formatInstant(first.atMs)}${sinceT0(first, lane, report)}`,
      ],
      ...(exchange === undefined ? [] : exchangeRows(exchange)),
      ["Pod", `${first.pod ?? "not known"}, ${sureness(first)}`],
      ...(first.phase === undefined ? [] : ([["Phase", first.phase]] as const)),
      ...(more === 0 || last === undefined
        ? []
        : ([
            ["And", `${formatCount(more)} more like it until ${formatInstant(last.atMs)}`],
          ] as const)),
    ],
  };
}

/** One line, for the screen reader and for the table. */
export function labelMark({ first, marks }: MarkBundle): string {
  const more = marks.length > 1 ? ` and ${formatCount(marks.length - 1)} more` : "";
  return `${first.reason} on ${first.stream} at ${formatInstant(first.atMs)}${more}`;
}

/** How sure the blame is. */
const ATTRIBUTION: Readonly<Record<Attribution, string>> = {
  proven: "proven",
  "same-connection": "by an earlier answer on the connection",
  inferred: "inferred",
  unknown: "nobody can be blamed",
};

/** How sure the blame is, and by whose word. */
export function sureness({ attribution, provenBy, refused }: FailureMark): string {
  if (provenBy === undefined) return ATTRIBUTION[attribution];
  if (provenBy === "answer") return "proven by its own answer";
  return refused === true
    ? "proven by the data path, which found nobody listening there"
    : "proven by the data path";
}

/** What is known of the work that the request asked for. */
const CERTAINTY: Readonly<Record<Exchange["outcome"]["type"], string>> = {
  ok: "was done",
  failed: "was surely not done",
  indeterminate: "may have been done: only the answer is lost",
  undelivered: "was never asked for",
};

function exchangeRows(exchange: Exchange) {
  const { connection, connectionId, localPort, sentAtMs, endedAtMs, scheduledAtMs } = exchange;
  const port = localPort === undefined ? "" : `, port ${localPort}`;
  return [
    ["Connection", `${connection} #${connectionId}${port}`],
    ["Sent at", formatInstant(sentAtMs)],
    ["Took", `${formatDuration(endedAtMs - scheduledAtMs)} from when it was due`],
    ["The work", CERTAINTY[exchange.outcome.type]],
  ] as const;
}

function sinceT0(
  { atMs }: FailureMark,
  lane: number | undefined,
  { lanes }: TimelineFacts,
): string {
  const t0 = lane === undefined ? undefined : lanes[lane]?.termination?.deletionRequestedAtMs;
  if (t0 === undefined || atMs < t0) return "";
  return ` (T0 + ${formatDuration(atMs - t0)})`;
}
