/**
 * Where the workload's own ledger is read back once the load has ended: from an answer of the workload, or
 * from the database beneath it. `{{prefix}}` in a path or query stands for how the keys of this run begin.
 */
export type AuditSource = HttpAudit | SqlAudit;

/** `GET` answers `{ transactions: [{ key, effects: { name: count } }] }`, and more where checks want it. */
export interface HttpAudit {
  readonly type: "http";
  readonly path: string;
}

/** The query answers rows of `key`, `effect` and `count`; rows of the same key and effect add up. */
export type SqlAudit = SqliteAudit | PostgresAudit;

/** A file of this machine, by its absolute path. */
export interface SqliteAudit {
  readonly type: "sqlite";
  readonly file: string;
  readonly query: string;
}

/** The address holds a password, so only the name of the environment variable that has it is ever written down. */
export interface PostgresAudit {
  readonly type: "postgres";
  readonly urlFrom: string;
  readonly query: string;
}
