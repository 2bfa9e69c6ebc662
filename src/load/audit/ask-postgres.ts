import { Client, type QueryArrayConfig, types } from "pg";
import type { PostgresAudit } from "#domain/audit-source.ts";
import { messageOf } from "#domain/errors.ts";
import { ANSWER_WITHIN_MS, type AuditAnswer, type LedgerSource } from "./audit-answer.ts";
import { databaseUrl, withoutSecrets } from "./database-url.ts";
import { askQueries, type Rows } from "./rows.ts";

/** Reads from one snapshot, in a transaction that can write nothing, over a connection of its own. */
export async function askPostgres(
  source: PostgresAudit,
  ledger: LedgerSource,
): Promise<AuditAnswer> {
  const url = databaseUrl(source, process.env);
  try {
    return await askServer(url, source, ledger);
  } catch (error) {
    // Not as its cause: an error of the driver may carry the address itself.
    throw new Error(withoutSecrets(describe(error), url));
  }
}

async function askServer(url: string, source: PostgresAudit, ledger: LedgerSource) {
  const client = new Client({
    connectionString: url,
    application_name: "lastcall",
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    types: { getTypeParser },
  });
  client.on("error", () => undefined); // the query under way, or the next one, says it as well
  try {
    await client.connect();
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return await askQueries(source, ledger, (query) => ask(client, query));
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ask(client: Client, text: string): Promise<Rows> {
  // One statement alone, as only the extended protocol demands it: a second could end the transaction.
  const config: QueryArrayConfig & { readonly queryMode: string } = {
    text,
    rowMode: "array",
    queryMode: "extended",
  };
  const { fields, rows } = await client.query(config);
  return { columns: fields.map(({ name }) => name), rows };
}

const { INT8, NUMERIC } = types.builtins;

/** Counts and sums are sent as text by default, for they may be larger than a number of JavaScript. */
const getTypeParser: typeof types.getTypeParser = (oid, format) =>
  oid === INT8 || oid === NUMERIC ? exactNumber : types.getTypeParser(oid, format);

function exactNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && !Number.isSafeInteger(number))
    throw new Error(`${text} is too large to be counted exactly`);
  return number;
}

/** A host with several addresses fails once for each, and then the message of the whole is empty. */
function describe(error: unknown): string {
  if (error instanceof AggregateError && error.message === "")
    return error.errors.map(describe).join("; ");
  return messageOf(error);
}
