import type { History, HistoryClosing, PooledRun } from "./history.ts";
import {
  type Place,
  relocateAudit,
  relocateConnection,
  relocateExchange,
  relocateObservation,
  relocateTransaction,
} from "./relocate.ts";
import { addAccounts } from "./stream-account.ts";
import type { Audit } from "./transaction.ts";
import { voidReasons } from "./void-reasons.ts";

/** Between two repetitions on the common time axis, so that no instant belongs to both. */
const PAUSE_MS = 1_000;

interface Repetition {
  readonly history: History;
  readonly number: number;
}

interface Placed extends Repetition {
  readonly place: Place;
  readonly pooled: PooledRun;
}

/**
 * Repetitions of one run as one history: laid end to end on one time axis, so that what judges a run
 * judges all of them together. `planned` is how many there may be, this call's included.
 *
 * Void repetitions prove nothing and are left out, and so are those of which `whyWeak` gives a reason. If
 * there is no other, the weak are kept, and after them the void: the pool is then as void as they are. A
 * repetition with a doubt stays in: what was seen of it was seen.
 */
export function poolHistories(
  histories: readonly History[],
  planned: number,
  whyWeak: (history: History) => string | undefined = () => undefined,
): History {
  const [first] = histories;
  if (first === undefined) throw new RangeError("A pool needs at least one history.");
  const all = histories.map((history, index) => ({
    history,
    number: index + 1,
    void: voidReasons(history.closing)[0],
    weak: whyWeak(history),
  }));
  const sound = all.filter((each) => each.void === undefined);
  const strong = sound.filter(({ weak }) => weak === undefined);
  const placed = placeAll([strong, sound].find(({ length }) => length > 0) ?? all);
  const leftOut = all
    .filter(({ number }) => !placed.some((each) => each.number === number))
    .map(({ number, ...why }) => ({ number, reason: why.void ?? why.weak ?? "" }));
  const audit = poolAudits(placed);
  const connections = placed.flatMap(({ history, place }) =>
    (history.connections ?? []).map((held) => relocateConnection(held, place)),
  );
  const orders = first.header.load.find(({ type }) => type === "transactions")?.name ?? "";
  return {
    header: {
      ...first.header,
      pool: { planned, runs: placed.map(({ pooled }) => pooled), leftOut },
    },
    closing: poolClosings(placed),
    observations: placed.flatMap(({ history, place }) =>
      history.observations.map((observation) => relocateObservation(observation, place)),
    ),
    exchanges: {
      *[Symbol.iterator]() {
        for (const { history, place } of placed) {
          for (const exchange of history.exchanges) yield relocateExchange(exchange, place);
        }
      },
    },
    ...(placed.some(({ history }) => history.dataPath !== undefined) && {
      dataPath: {
        *[Symbol.iterator]() {
          for (const { history, place } of placed) {
            for (const word of history.dataPath ?? []) {
              yield { ...word, atMs: word.atMs + place.shiftMs };
            }
          }
        },
      },
    }),
    transactions: placed.flatMap(({ history, place }) =>
      history.transactions.map((transaction) => relocateTransaction(transaction, place, orders)),
    ),
    ...(connections.length > 0 && { connections }),
    ...(audit !== undefined && { audit }),
    repetitions: histories,
  };
}

function placeAll(repetitions: readonly Repetition[]): readonly Placed[] {
  const placed: Placed[] = [];
  let fromMs = 0;
  let seqShift: ReadonlyMap<string, number> = new Map();
  for (const [index, { history, number }] of repetitions.entries()) {
    const untilMs = fromMs + lengthMs(history);
    placed.push({
      history,
      number,
      pooled: { number, runId: history.header.runId, fromMs, untilMs },
      place: {
        shiftMs: fromMs,
        seqShift,
        podName: (name) => (repetitions.length === 1 ? name : `${name} (run ${number})`),
        connectionId: (id) => id * repetitions.length + index,
      },
    });
    seqShift = new Map(
      history.closing.streams.map(({ stream, scheduled }) => [
        stream,
        (seqShift.get(stream) ?? 0) + scheduled,
      ]),
    );
    fromMs = untilMs + PAUSE_MS;
  }
  return placed;
}

function lengthMs({ closing, observations }: History): number {
  const phases = closing.phases.map(({ startedAtMs, endedAtMs }) => endedAtMs ?? startedAtMs);
  return Math.max(0, ...phases, observations.at(-1)?.atMs ?? 0);
}

function poolClosings(placed: readonly Placed[]): HistoryClosing {
  const accounts = Map.groupBy(
    placed.flatMap(({ history }) => history.closing.streams),
    ({ stream }) => stream,
  );
  const workers = placed.flatMap(({ history }) => history.closing.workers ?? []);
  const brokenOff = placed.map(({ history }) => history.closing.brokenOff).find(Boolean);
  return {
    phases: placed.flatMap(({ history, place: { shiftMs } }) =>
      history.closing.phases.map(({ startedAtMs, endedAtMs, ...phase }) => ({
        ...phase,
        startedAtMs: startedAtMs + shiftMs,
        ...(endedAtMs !== undefined && { endedAtMs: endedAtMs + shiftMs }),
      })),
    ),
    streams: [...accounts.values()].map((those) => those.reduce(addAccounts)),
    ...(workers.length > 0 && { workers }),
    ...(brokenOff !== undefined && { brokenOff }),
  };
}

/** Keys begin with the run's id, so the ledgers of two repetitions never meet. One unread leaves all unread. */
function poolAudits(placed: readonly Placed[]): Audit | undefined {
  const audits = placed.flatMap(({ history: { audit }, place: { shiftMs } }) =>
    audit === undefined ? [] : [relocateAudit(audit, shiftMs)],
  );
  const unreadable = audits.find(({ type }) => type === "unreadable");
  const last = audits.at(-1);
  if (unreadable !== undefined || last === undefined || audits.length < placed.length) {
    return unreadable;
  }
  const read = audits.filter((audit) => audit.type === "read");
  const findings = read.flatMap((audit) => audit.findings ?? []);
  return {
    type: "read",
    atMs: last.atMs,
    entries: read.flatMap(({ entries }) => entries),
    ...(findings.length > 0 && { findings }),
  };
}
