import { hostname } from "node:os";

/** What the shop takes from its environment; the manifest sets all of it. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataDirectory: string;
  /** Of a PostgreSQL server; without it the orders are kept in a file of SQLite. */
  readonly databaseUrl?: string;
  readonly pod: string;
}

/** The defaults are those of the container image. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const { HOST, PORT, DATA_DIR, DATABASE_URL, POD_NAME } = env;
  return {
    host: HOST ?? "0.0.0.0",
    port: Number(PORT ?? 8080),
    dataDirectory: DATA_DIR ?? "/data",
    ...(DATABASE_URL !== undefined && { databaseUrl: DATABASE_URL }),
    pod: POD_NAME ?? hostname(),
  };
}
