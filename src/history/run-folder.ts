/**
 * The files of a run, all in one folder. Everything but the report can be made again from these.
 *
 *   header.json              before the first request: what was to be done, and on what
 *   observations.ndjson      one Observation a line, in order of arrival
 *   exchanges-<stream>.bin   64 bytes an exchange, in order of their ends (#domain/ledger-record.ts)
 *   exchanges-<stream>.pods.ndjson   the pods that the records refer to by number
 *   data-path.bin            16 bytes a connection that the data path told of (#domain/data-path-record.ts)
 *   data-path.backends.ndjson   the addresses that those refer to by number
 *   transactions.ndjson      one Transaction a line
 *   connections.ndjson       one HeldConnection a line, where the load held some
 *   audit.json               the workload's own ledger, read back after the load had drained
 *   closing.json             phases and accounts; a run without it broke off
 *
 * A folder with pool.json has none of these: it names the folders of repetitions to be judged as one.
 */
export const RUN_FILES = {
  header: "header.json",
  observations: "observations.ndjson",
  dataPath: "data-path.bin",
  backends: "data-path.backends.ndjson",
  transactions: "transactions.ndjson",
  connections: "connections.ndjson",
  audit: "audit.json",
  closing: "closing.json",
  pool: "pool.json",
} as const;

/** `2026-11-24T10-00-00Z-shop`: sorts by time, and is a valid name on every file system. */
export function runFolderName(startedAt: string, scenario: string): string {
  const instant = startedAt.replace(/\.\d+Z$/, "Z").replaceAll(":", "-");
  return `${instant}-${scenario.replaceAll(/[^\p{L}\p{N}.-]+/gu, "-")}`;
}
