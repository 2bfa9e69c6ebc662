import { setTimeout as sleep } from "node:timers/promises";
import type { AuditFinding } from "#domain/audit-check.ts";
import type { AuditSource } from "#domain/audit-source.ts";
import { HarnessError, messageOf } from "#domain/errors.ts";
import type { Audit, LedgerEntry } from "#domain/transaction.ts";
import type { Clock } from "#ports/clock.ts";
import { askHttp } from "./ask-http.ts";
import { askSqlite } from "./ask-sqlite.ts";
import type { AuditAnswer, LedgerSource } from "./audit-answer.ts";
import { findInAudit } from "./find-in-audit.ts";

const ATTEMPTS = 10;

/** What is asked of the workload before its load begins, and once more when it has ended. */
export interface AuditReading {
  readonly baseUrl: string;
  readonly ledgers: readonly LedgerSource[];
  readonly clock: Pick<Clock, "nowMs">;
  /** A workload that is just being replaced needs a moment before it answers again. */
  readonly pauseMs: number;
}

/** The numbers that the checks found before the load, by their names. */
export type Baseline = ReadonlyMap<string, number>;

interface LedgerReading {
  readonly entries: readonly LedgerEntry[];
  readonly findings: readonly AuditFinding[];
}

/**
 * What the ledger shows before the load. One that cannot be read now could not be read afterwards either, so
 * this throws instead of letting a whole run go by for nothing.
 */
export async function readBaseline(reading: AuditReading): Promise<Baseline> {
  const baseline = new Map<string, number>();
  for (const ledger of reading.ledgers) {
    const found = await readWithRetries(reading, ledger);
    if (typeof found === "string") throw unreadable(ledger.source, found);
    for (const { check, found: value } of found.findings)
      if (typeof value === "number") baseline.set(check, value);
  }
  return baseline;
}

/**
 * Reads the workload's own ledger back, each time over a new connection. Unlike the load this may try
 * again: it asks what is stored, and asking twice changes nothing. `acknowledged` tells the keys that a
 * queue has to give out.
 */
export async function readAudit(
  reading: AuditReading,
  baseline: Baseline,
  acknowledged: () => readonly string[],
): Promise<Audit> {
  const { clock } = reading;
  const entries: LedgerEntry[] = [];
  const findings: AuditFinding[] = [];
  for (const ledger of reading.ledgers) {
    const found = await readSettled(reading, ledger, acknowledged);
    if (typeof found === "string") {
      const reason = `${describeSource(ledger.source)}: ${found}`;
      return { type: "unreadable", atMs: clock.nowMs(), reason };
    }
    entries.push(...found.entries);
    for (const finding of found.findings) {
      const before = baseline.get(finding.check);
      findings.push({ ...finding, ...(before !== undefined && { before }) });
    }
  }
  return {
    type: "read",
    atMs: clock.nowMs(),
    entries,
    ...(findings.length > 0 && { findings }),
  };
}

/** A queue may still hold some of what it took: it is read again until all is out, or its time is over. */
async function readSettled(
  reading: AuditReading,
  ledger: LedgerSource,
  acknowledged: () => readonly string[],
): Promise<LedgerReading | string> {
  const wanted = ledger.checks.some(({ type }) => type === "queue") ? acknowledged() : [];
  const beganAtMs = reading.clock.nowMs();
  for (;;) {
    const found = await readWithRetries(reading, ledger);
    if (typeof found === "string") return found;
    const waitedMs = reading.clock.nowMs() - beganAtMs;
    const waiting = ledger.checks.some(
      (check, place) =>
        check.type === "queue" &&
        waitedMs < check.withinMs &&
        !hasAll(found.findings[place]?.found, wanted),
    );
    if (!waiting) return found;
    await sleep(reading.pauseMs);
  }
}

function hasAll(found: AuditFinding["found"] | undefined, keys: readonly string[]): boolean {
  const there = new Set(typeof found === "object" ? found : []);
  return keys.every((key) => there.has(key));
}

/** What was found, or why it could not be read even the last time. */
async function readWithRetries(
  reading: AuditReading,
  ledger: LedgerSource,
): Promise<LedgerReading | string> {
  for (let attempt = 1; ; attempt++) {
    const answer = await readOnce(reading, ledger).catch((error: unknown) => {
      if (error instanceof HarnessError) throw error;
      return messageOf(error);
    });
    if (typeof answer !== "string" || attempt === ATTEMPTS) return answer;
    await sleep(reading.pauseMs);
  }
}

async function readOnce(
  { baseUrl, clock }: AuditReading,
  ledger: LedgerSource,
): Promise<LedgerReading> {
  const isOwnKey = (key: string) => isKeyOf(ledger, key);
  const { entries, values } = await ask(ledger, baseUrl);
  const atMs = clock.nowMs();
  return {
    entries: entries.filter(({ key }) => isOwnKey(key)),
    findings: ledger.checks.map((check, place) => ({
      check: check.name,
      atMs,
      found: findInAudit(values[place], check, isOwnKey),
    })),
  };
}

async function ask(ledger: LedgerSource, baseUrl: string): Promise<AuditAnswer> {
  const { source } = ledger;
  switch (source.type) {
    case "http":
      return await askHttp(source, ledger, baseUrl);
    case "sqlite":
      return await askSqlite(source, ledger);
    case "postgres": {
      // Only now, because its driver takes longer to load than everything else here.
      const { askPostgres } = await import("./ask-postgres.ts");
      return await askPostgres(source, ledger);
    }
  }
}

/**
 * A database may hold what earlier runs wrote, and what other streams of this one write under keys of
 * theirs. Those have no transaction here: taken for ours, each would count as one that nobody asked for.
 */
function isKeyOf({ keyPrefix, otherPrefixes }: LedgerSource, key: string): boolean {
  // `run-order-` also begins the keys of a stream that is called order-twice.
  const longer = otherPrefixes.filter((other) => other.startsWith(keyPrefix));
  return key.startsWith(keyPrefix) && !longer.some((other) => key.startsWith(other));
}

function unreadable(source: AuditSource, reason: string): HarnessError {
  return new HarnessError(
    "LEDGER_NOT_READ",
    `Could not read the workload's ledger before the load: ${describeSource(source)}: ${reason}`,
    {
      hint: "Nothing was sent. docs/scenario.md says what audit and checks must answer; correct them, or the workload.",
    },
  );
}

function describeSource(source: AuditSource): string {
  switch (source.type) {
    case "http":
      return `GET ${source.path}`;
    case "sqlite":
      return `SQLite ${source.file}`;
    case "postgres":
      return `PostgreSQL at $${source.urlFrom}`;
  }
}
