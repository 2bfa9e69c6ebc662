import { DatabaseSync } from "node:sqlite";
import type { SqliteAudit } from "#domain/audit-source.ts";
import { ANSWER_WITHIN_MS, type AuditAnswer, type LedgerSource } from "./audit-answer.ts";
import { askQueries, type Rows } from "./rows.ts";

/** Reads the file on this machine, and can write nothing to it. */
export async function askSqlite(source: SqliteAudit, ledger: LedgerSource): Promise<AuditAnswer> {
  using database = new DatabaseSync(source.file, { readOnly: true, timeout: ANSWER_WITHIN_MS });
  database.exec("BEGIN"); // one snapshot for all queries
  return await askQueries(source, ledger, (query) => ask(database, query));
}

function ask(database: DatabaseSync, query: string): Rows {
  const statement = database.prepare(query);
  statement.setReturnArrays(true);
  const columns = statement.columns().map(({ name }) => name);
  const rows = statement.all() as unknown as Rows["rows"]; // arrays, since they were asked for
  return { columns, rows };
}
