import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { AuditCheck, AuditFinding } from "#domain/audit-check.ts";
import type { Audit, LedgerEntry } from "#domain/transaction.ts";
import type { Clock } from "#ports/clock.ts";
import { findInAudit } from "./find-in-audit.ts";
import { parseAudit } from "./parse-audit.ts";

const ATTEMPTS = 10;
const ANSWER_WITHIN_MS = 10_000;

/** What is asked of the workload once its load has ended. */
interface AuditReading {
  readonly baseUrl: string;
  readonly ledgers: readonly LedgerSource[];
  readonly clock: Pick<Clock, "nowMs">;
  /** A workload that is just being replaced needs a moment before it answers again. */
  readonly pauseMs: number;
}

/** Where the transactions of one stream are shown, and how their keys are told from those of the others. */
export interface LedgerSource {
  readonly path: string;
  readonly keyPrefix: string;
  readonly otherPrefixes: readonly string[];
  readonly checks: readonly AuditCheck[];
}

/**
 * Reads the workload's own ledger back, each time over a new connection. Unlike the load this may try
 * again: it asks what is stored, and asking twice changes nothing.
 */
export async function readAudit(reading: AuditReading): Promise<Audit> {
  const { baseUrl, ledgers, clock, pauseMs } = reading;
  const entries: LedgerEntry[] = [];
  const findings: AuditFinding[] = [];
  for (const ledger of ledgers) {
    const { path, checks } = ledger;
    const url = baseUrl.replace(/\/+$/, "") + path;
    const isOwnKey = (key: string) => isKeyOf(ledger, key);
    const found = await readWithRetries(url, pauseMs, (text) => ({
      entries: parseAudit(text).filter(({ key }) => isOwnKey(key)),
      values: checks.map((check) => findInAudit(JSON.parse(text), check, isOwnKey)),
    }));
    if (typeof found === "string")
      return { type: "unreadable", atMs: clock.nowMs(), reason: `GET ${path}: ${found}` };
    entries.push(...found.entries);
    const atMs = clock.nowMs();
    for (const [place, { name }] of checks.entries()) {
      const value = found.values[place];
      if (value !== undefined) findings.push({ check: name, atMs, found: value });
    }
  }
  return {
    type: "read",
    atMs: clock.nowMs(),
    entries,
    ...(findings.length > 0 && { findings }),
  };
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

/** What `parse` makes of the answer, or why it could not be read even the last time. */
async function readWithRetries<T extends object>(
  url: string,
  pauseMs: number,
  parse: (text: string) => T,
): Promise<T | string> {
  for (let attempt = 1; ; attempt++) {
    const answer = await get(url)
      .then(parse)
      .catch((error: Error) => error.message);
    if (typeof answer !== "string" || attempt === ATTEMPTS) return answer;
    await sleep(pauseMs);
  }
}

async function get(url: string): Promise<string> {
  const request = url.startsWith("https:") ? requestSecure : requestPlain;
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(url, { agent: false, signal }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      if (response.statusCode === 200) resolve(text);
      else reject(new Error(`it answered ${response.statusCode}: ${text.slice(0, 200)}`));
    });
  })
    .on("error", reject)
    .end();
  return await promise;
}
