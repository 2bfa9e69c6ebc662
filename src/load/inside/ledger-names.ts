import { exchangesFileName, podsFileName } from "#domain/ledger-record.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import { TRANSACTIONS_FILE } from "#load/transactions-driver.ts";
import { CONNECTIONS_FILE } from "#load/websocket-driver.ts";

/**
 * The files that a worker writes. In this order they are read while they grow: the names that a record
 * needs are on disk before it, so what was read of both at one moment fits together.
 */
export function ledgerFiles(streams: readonly LoadStream[]): readonly string[] {
  return [
    ...streams.flatMap(({ name }) => [podsFileName(name), exchangesFileName(name)]),
    ...(streams.some(({ type }) => type === "transactions") ? [TRANSACTIONS_FILE] : []),
    ...(streams.some(({ type }) => type === "websocket") ? [CONNECTIONS_FILE] : []),
  ];
}
