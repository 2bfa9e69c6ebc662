import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HeldConnection } from "#domain/held-connection.ts";
import type { StreamAccount } from "#domain/history.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import { numberInWhole, shareOf, WHOLE_LOAD } from "#domain/load-worker.ts";
import { pacerFor } from "#domain/pacer.ts";
import type { Transaction } from "#domain/transaction.ts";
import type { Clock } from "#ports/clock.ts";
import type { LoadPlan, LoadProgress, LoadResult } from "#ports/load-driver.ts";
import { auditReading } from "./audit/audit-of-plan.ts";
import { type Baseline, readAudit, readBaseline } from "./audit/read-audit.ts";
import { loadAutocannon } from "./autocannon.ts";
import { Dispatcher } from "./dispatcher.ts";
import { FreshDriver } from "./fresh-driver.ts";
import { LedgerFile } from "./ledger-file.ts";
import { LoopMonitor } from "./loop-monitor.ts";
import { readTransactions } from "./read-ledger.ts";
import { ReusedDriver } from "./reused-driver.ts";
import { runClock } from "./run-clock.ts";
import { type StreamContext, streamContext } from "./stream-context.ts";
import type { StreamDriver } from "./stream-driver.ts";
import { StreamLedger } from "./stream-ledger.ts";
import { parseTarget } from "./target.ts";
import { TRANSACTIONS_FILE, TransactionsDriver } from "./transactions-driver.ts";
import { CONNECTIONS_FILE, WebsocketDriver } from "./websocket-driver.ts";

interface PreparedStream {
  readonly stream: LoadStream;
  readonly ledger: StreamLedger;
  readonly driver: StreamDriver;
}

interface RunningStream extends PreparedStream {
  readonly dispatcher: Dispatcher;
}

/** A load whose drivers are ready. */
interface PreparedRun {
  /** Lets all streams begin at the same moment: now, or at that instant of the run. */
  begin(atMs?: number): LoadRun;
}

/** Reads the audit a first time, and makes the drivers ready. */
export async function prepareRun(plan: LoadPlan, zeroMs: number): Promise<PreparedRun> {
  const clock = runClock(zeroMs);
  const target = parseTarget(plan.baseUrl, plan.hosts);
  const baseline =
    plan.share === undefined ? await readBaseline(auditReading(plan, clock)) : undefined;
  const transactions = plan.streams.some(({ type }) => type === "transactions")
    ? await LedgerFile.create(join(plan.directory, TRANSACTIONS_FILE))
    : undefined;
  const connections = plan.streams.some(({ type }) => type === "websocket")
    ? await LedgerFile.create(join(plan.directory, CONNECTIONS_FILE))
    : undefined;
  const prepared: PreparedStream[] = [];
  const { keyPrefix, podHeader, share = WHOLE_LOAD } = plan;
  for (const whole of plan.streams) {
    const stream = { ...whole, connections: Math.max(1, shareOf(share, whole.connections)) };
    const ledger = await StreamLedger.create(plan.directory, stream.name, share);
    const context = streamContext({ stream, target, clock, ledger, podHeader, keyPrefix, share });
    const driver = driverFor(stream, context, {
      transaction: (one) => transactions?.appendLine(JSON.stringify(one)),
      connection: (one) => connections?.appendLine(JSON.stringify(one)),
    });
    prepared.push({ stream, ledger, driver });
  }
  const begin = (startMs = clock.nowMs()) => {
    const streams = prepared.map((parts) => {
      const pacer = pacerFor(parts.stream.arrival);
      const dispatcher = new Dispatcher({
        pacer: (scheduled) => pacer(numberInWhole(share, scheduled)),
        clock,
        startMs,
        offer: (scheduledAtMs) => parts.driver.offer(scheduledAtMs),
      });
      return { ...parts, dispatcher };
    });
    return new LoadRun({ plan, clock, streams, transactions, connections, baseline });
  };
  return { begin };
}

/** Where a driver writes what has no place among the exchanges. */
interface Records {
  readonly transaction: (transaction: Transaction) => void;
  readonly connection: (connection: HeldConnection) => void;
}

function driverFor(stream: LoadStream, context: StreamContext, record: Records): StreamDriver {
  switch (stream.type) {
    case "reused":
      return new ReusedDriver(stream, context, loadAutocannon());
    case "fresh":
      return new FreshDriver(stream, context);
    case "transactions":
      return new TransactionsDriver(stream, context, record.transaction);
    case "websocket":
      return new WebsocketDriver(stream, context, record.connection);
  }
}

interface LoadRunParts {
  readonly plan: LoadPlan;
  readonly clock: Pick<Clock, "nowMs">;
  readonly streams: readonly RunningStream[];
  readonly transactions: LedgerFile | undefined;
  /** Absent when somebody else reads the audit. */
  readonly baseline: Baseline | undefined;
  readonly connections: LedgerFile | undefined;
}

/** All streams of a plan, going on on this thread's event loop until they are stopped. */
class LoadRun {
  readonly #parts: LoadRunParts;
  readonly #monitor = new LoopMonitor();

  constructor(parts: LoadRunParts) {
    this.#parts = parts;
  }

  /** What happened since the last call; what is known until then goes to the disk. */
  progress(): readonly LoadProgress[] {
    this.#parts.transactions?.flush();
    this.#parts.connections?.flush();
    return this.#parts.streams.map(({ ledger }) => {
      ledger.flush();
      return ledger.progress();
    });
  }

  /** Gates, now or at that instant, drains, marks the rest, closes the ledger and reads the audit back. */
  async stop(atMs?: number): Promise<LoadResult> {
    const { streams, plan, clock, transactions, connections, baseline } = this.#parts;
    if (atMs !== undefined) {
      for (const { dispatcher } of streams) dispatcher.gateAt(atMs);
      await sleep(Math.max(0, atMs - clock.nowMs()));
    }
    for (const { dispatcher } of streams) dispatcher.gate();
    await within(plan.drainMs, Promise.all(streams.map(({ driver }) => driver.drained())));
    await Promise.all(streams.map(({ driver }) => driver.close()));
    this.#monitor.stop();
    await Promise.all(streams.map(({ ledger }) => ledger.close()));
    await Promise.all([transactions?.close(), connections?.close()]);
    const accounts = streams.map((running) => this.#account(running));
    if (transactions === undefined || baseline === undefined) return { accounts };
    const audit = await readAudit(auditReading(plan, clock), baseline, () =>
      readTransactions(plan.directory)
        .filter(({ acknowledged }) => acknowledged)
        .map(({ key }) => key),
    );
    return { accounts, audit };
  }

  #account({ stream, ledger, dispatcher }: RunningStream): StreamAccount {
    // A transaction is scheduled once and has several exchanges; anything else is offered one by one.
    if (stream.type !== "transactions" && dispatcher.scheduled !== ledger.scheduled)
      ledger.noteHarnessFailure(
        `The pacer scheduled ${dispatcher.scheduled}, the ledger has ${ledger.scheduled}`,
      );
    return ledger.account(this.#monitor.worstDelayMs);
  }
}

/** Waits for the work, but no longer than this. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise: deadline, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
