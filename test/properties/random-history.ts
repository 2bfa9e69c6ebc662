import type { AuditFinding } from "#domain/audit-check.ts";
import type { DataPathWord } from "#domain/data-path-word.ts";
import { type Exchange, FAILURE_CLASSES, type Outcome } from "#domain/exchange.ts";
import type { ConnectionEnd, HeldConnection } from "#domain/held-connection.ts";
import type { History, StreamAccount } from "#domain/history.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import type { Observation } from "#domain/observation.ts";
import { seededRandom } from "#domain/seeded-random.ts";
import type { LedgerEntry, Transaction } from "#domain/transaction.ts";
import {
  aHistory,
  aPod,
  aStream,
  aTransactionStream,
  aWebsocketStream,
  endpointsAt,
  seen,
} from "#test/support/builders.ts";

/** Numbers as a test wants them, all from one seed. */
class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  between(low: number, high: number): number {
    return low + this.#random() * (high - low);
  }

  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  oneOf<T>(list: readonly T[]): T {
    const item = list[this.whole(0, list.length - 1)];
    if (item === undefined) throw new TypeError("There is nothing to choose from.");
    return item;
  }
}

/** Ends lie on it, so that many of them fall together. */
const GRID_MS = 50;

const LOAD: readonly LoadStream[] = [
  aStream({ name: "browse", connections: 8 }),
  aStream({ name: "visit", type: "fresh" }),
  aStream({ name: "wait", type: "fresh", takesMs: 400 }),
  aTransactionStream({
    name: "order",
    checks: [{ type: "counter", name: "sold", place: { type: "path", names: ["sold"] }, from: 0 }],
  }),
  { ...aWebsocketStream(), connections: 8 },
];

interface Leaver {
  readonly pod: string;
  readonly t0Ms: number;
  readonly outOfChoiceAtMs: number;
  readonly exitAtMs: number;
}

/**
 * A small rolling update that might have been, from a seed: load from 0 to 10,000 ms, some of three to
 * five pods leaving in the middle, and failures of every class among good answers.
 */
export function randomHistory(seed: number): History {
  const dice = new Dice(seed);
  const pods = Array.from({ length: dice.whole(3, 5) }, (_, n) => `web-${n}`);
  const leavers = pods.slice(1).flatMap((pod): readonly Leaver[] => {
    if (dice.chance(0.3)) return [];
    const t0Ms = dice.whole(3_000, 6_000);
    const outOfChoiceAtMs = t0Ms + dice.whole(0, 300);
    return [{ pod, t0Ms, outOfChoiceAtMs, exitAtMs: t0Ms + dice.whole(300, 3_000) }];
  });
  const exchanges = LOAD.flatMap((stream) => exchangesOf(stream, { pods, leavers, dice }));
  const { transactions, entries } = transactionsOf(exchanges, dice);
  const dataPath = exchanges.flatMap((exchange) => wordOf(exchange, pods, dice));
  return {
    ...aHistory({
      load: LOAD,
      exchanges,
      transactions,
      connections: connectionsOf({ pods, leavers, dice }),
      observations: observationsOf(pods, leavers, dice),
      audit: { type: "read", atMs: 10_500, entries, findings: [soldAtLast(transactions, dice)] },
    }),
    dataPath: dataPath.toSorted((a, b) => a.atMs - b.atMs),
    closing: {
      phases: [
        { name: "warm-up", startedAtMs: 0, endedAtMs: 500, demandedMs: 500 },
        { name: "control", startedAtMs: 500, endedAtMs: 3_000, demandedMs: 2_500 },
        { name: "disruption", startedAtMs: 3_000, endedAtMs: 9_000, demandedMs: 0 },
        { name: "recovery", startedAtMs: 9_000, endedAtMs: 10_000, demandedMs: 1_000 },
        { name: "drain", startedAtMs: 10_000, endedAtMs: 11_000, demandedMs: 400 },
      ],
      streams: LOAD.map(({ name }) => account(name, exchanges)),
    },
  };
}

function observationsOf(pods: readonly string[], leavers: readonly Leaver[], dice: Dice) {
  const observations: Observation[] = pods.map((name) =>
    seen(0, aPod({ name, ip: ipOf(name, pods) }), "added"),
  );
  observations.push({ type: "witness", atMs: 0, node: "node-1", heard: true });
  observations.push(workloadOf(pods.length));
  observations.push(endpointsAt(10, Object.fromEntries(pods.map((pod) => [pod, "ready"]))));
  for (const { pod: name, t0Ms, outOfChoiceAtMs, exitAtMs } of leavers) {
    const preStopSleepSeconds = dice.whole(0, 1);
    const leaving = { name, preStopSleepSeconds, deletionTimestamp: "2026-11-24T10:00:14Z" };
    const grace = { ...leaving, deletionGracePeriodSeconds: dice.whole(1, 3) };
    const state = { name: "app", ready: false, restartCount: 0, state: "terminated" } as const;
    const exitCode = dice.oneOf([0, 137, 143]);
    const containers = [{ ...state, exitCode, reason: exitCode === 0 ? "Completed" : "Error" }];
    observations.push(seen(t0Ms, aPod(grace)));
    observations.push(seen(exitAtMs, aPod({ ...grace, containers, ready: false })));
    observations.push(seen(exitAtMs + 50, aPod({ ...grace, containers }), "deleted"));
    const others = pods.filter((pod) => pod !== name).map((pod) => [pod, "ready"] as const);
    observations.push(
      endpointsAt(outOfChoiceAtMs, { ...Object.fromEntries(others), [name]: "terminating" }),
    );
  }
  const staying = pods.filter((pod) => !leavers.some((leaver) => leaver.pod === pod));
  observations.push(...staying.flatMap((pod) => usagesOf(pod, dice)));
  return observations.toSorted((a, b) => a.atMs - b.atMs);
}

function ipOf(pod: string, pods: readonly string[]): string {
  return `10.0.0.${pods.indexOf(pod)}`;
}

/** Most connections are told of, some with a refusal. */
function wordOf(
  { sentAtMs, localPort = 0, entrance = 0 }: Exchange,
  pods: readonly string[],
  dice: Dice,
): readonly DataPathWord[] {
  if (dice.chance(0.3)) return [];
  const backend = ipOf(dice.oneOf(pods), pods);
  const atMs = sentAtMs + dice.whole(0, 30);
  return [{ atMs, entrance, clientPort: localPort, backend, refused: dice.chance(0.1) }];
}

/** Before the load and after it. */
function usagesOf(pod: string, dice: Dice): readonly Observation[] {
  const container = { type: "usage", pod, uid: `uid-${pod}`, container: "app" } as const;
  return [0, 10_500, 10_700].map((atMs) => {
    const [descriptors, sockets] = [dice.whole(20, 200), dice.whole(0, 20)];
    return { ...container, atMs, processes: dice.whole(1, 40), descriptors, sockets };
  });
}

function workloadOf(desired: number): Observation {
  const counts = { desired, ready: desired, updated: desired, available: desired };
  const workload = { kind: "Deployment", name: "web", generation: 1, ...counts };
  return { type: "workload", atMs: 0, workload };
}

/** What the workload counted of its transactions, and mostly got right. */
function soldAtLast(transactions: readonly Transaction[], dice: Dice): AuditFinding {
  const acknowledged = transactions.filter((each) => each.acknowledged).length;
  const found = acknowledged - (dice.chance(0.4) ? dice.whole(1, 5) : 0);
  return { check: "sold", atMs: 10_500, found };
}

interface Weather {
  readonly pods: readonly string[];
  readonly leavers: readonly Leaver[];
  readonly dice: Dice;
}

/** In the order of their ends; what ended at once comes in the order of its numbers. */
function exchangesOf(stream: LoadStream, weather: Weather): readonly Exchange[] {
  const { dice } = weather;
  const homes = new Map<number, string>();
  const count = dice.whole(50, 200);
  return Array.from({ length: count }, (_, seq) => {
    const scheduledAtMs = Math.round((seq * 10_000) / count);
    const sentAtMs = scheduledAtMs + dice.oneOf([0, 0, 1]);
    const isNew = stream.type === "fresh" || dice.chance(0.05);
    const connectionId = stream.type === "fresh" ? seq : dice.whole(1, 8);
    const home = (!isNew && homes.get(connectionId)) || podAt(sentAtMs, weather);
    homes.set(connectionId, home);
    const outcome = outcomeAt(sentAtMs, weather);
    const answered = outcome.type === "ok" || dice.chance(0.3);
    const takesMs = stream.name === "wait" ? 400 : 0;
    const tookMs = takesMs + (dice.chance(0.3) ? dice.whole(20, 900) : dice.whole(1, 20));
    const endedAtMs = Math.ceil((sentAtMs + tookMs) / GRID_MS) * GRID_MS;
    return {
      seq,
      stream: stream.name,
      scheduledAtMs,
      sentAtMs,
      ...(outcome.type !== "undelivered" && { connectedAtMs: sentAtMs }),
      ...(answered && { firstByteAtMs: endedAtMs, servedBy: home }),
      endedAtMs,
      connection: isNew ? "new" : "reused",
      connectionId,
      localPort: 40_000 + dice.whole(0, 400),
      entrance: dice.whole(1, 3),
      bytes: dice.whole(0, 500),
      late: dice.chance(0.005),
      outcome,
    } satisfies Exchange;
  }).toSorted((a, b) => a.endedAtMs - b.endedAtMs || a.seq - b.seq);
}

/** Eight places; a connection to a leaving pod ends before its exit, and another takes its place. */
function connectionsOf(weather: Weather): readonly HeldConnection[] {
  const { leavers, dice } = weather;
  let connectionId = 0;
  const held = Array.from({ length: 8 }, (_, place) => {
    const lives: HeldConnection[] = [];
    for (let openedAtMs = 0; openedAtMs < 10_500; ) {
      const pod = podAt(openedAtMs, weather);
      const leaver = leavers.find((each) => each.pod === pod);
      const stays = leaver === undefined || leaver.exitAtMs <= openedAtMs;
      const endedAtMs = stays ? 10_500 + place / 10 : dice.between(openedAtMs, leaver.exitAtMs);
      const ends = dice.oneOf<ConnectionEnd>([
        { type: "closed", code: 1001 },
        { type: "cut", by: "fin" },
      ]);
      lives.push({
        stream: "chat",
        connectionId: ++connectionId,
        place,
        openedAtMs,
        endedAtMs,
        pod,
        end: stays ? { type: "held" } : ends,
        unanswered: dice.whole(0, 2),
        repeated: dice.whole(0, 1),
      });
      openedAtMs = endedAtMs + dice.between(1, 5);
    }
    return lives;
  });
  return held.flat().toSorted((a, b) => a.endedAtMs - b.endedAtMs);
}

function podAt(atMs: number, { pods, leavers, dice }: Weather): string {
  const gone = leavers.filter(({ outOfChoiceAtMs }) => outOfChoiceAtMs < atMs);
  return dice.oneOf(pods.filter((pod) => !gone.some((leaver) => leaver.pod === pod)));
}

function outcomeAt(atMs: number, { leavers, dice }: Weather): Outcome {
  const exposed = leavers.some(({ t0Ms, exitAtMs }) => t0Ms <= atMs && atMs <= exitAtMs + 600);
  if (!dice.chance(exposed ? 0.05 : 0.005)) return { type: "ok", status: 200 };
  if (dice.chance(0.1)) return { type: "undelivered", reason: "no-free-connection" };
  const reason = dice.oneOf(FAILURE_CLASSES);
  return dice.chance(0.5) ? { type: "failed", reason } : { type: "indeterminate", reason };
}

/** Two steps each, of neighbouring requests; the ledger mostly has what was acknowledged. */
function transactionsOf(exchanges: readonly Exchange[], dice: Dice) {
  const steps = exchanges
    .filter(({ stream, outcome }) => stream === "order" && outcome.type !== "undelivered")
    .toSorted((a, b) => a.seq - b.seq);
  const transactions: Transaction[] = [];
  const entries: LedgerEntry[] = [];
  for (let n = 0; n + 1 < steps.length; n += 2) {
    const [first, second] = [steps[n], steps[n + 1]];
    if (first === undefined || second === undefined) break;
    const key = `run-1-${n}`;
    transactions.push({
      key,
      startedAtMs: first.sentAtMs,
      endedAtMs: Math.max(first.endedAtMs, second.endedAtMs),
      acknowledged: first.outcome.type === "ok" && second.outcome.type === "ok",
      steps: [step("reserve", first), step("charge", second)],
    });
    const count = () => (dice.chance(0.03) ? dice.oneOf([0, 2]) : 1);
    entries.push({ key, effects: { reserve: count(), charge: count() } });
  }
  return { transactions: transactions.toSorted((a, b) => a.endedAtMs - b.endedAtMs), entries };
}

function step(name: string, { seq, outcome }: Exchange) {
  if (outcome.type === "undelivered") throw new TypeError("An undelivered request is no step.");
  return { name, exchange: seq, outcome: outcome.type };
}

/** What the books of one stream say of these exchanges. */
export function account(stream: string, exchanges: readonly Exchange[]): StreamAccount {
  const those = exchanges.filter((exchange) => exchange.stream === stream);
  const count = (type: Outcome["type"]) =>
    those.filter(({ outcome }) => outcome.type === type).length;
  return {
    stream,
    scheduled: those.length,
    ok: count("ok"),
    failed: count("failed"),
    indeterminate: count("indeterminate"),
    undelivered: count("undelivered"),
    late: those.filter(({ late }) => late).length,
    worstLoopDelayMs: 1,
    harnessFailures: [],
  };
}
