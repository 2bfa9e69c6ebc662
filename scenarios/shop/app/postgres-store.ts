import { Pool, type PoolClient } from "pg";
import { INITIAL_STOCK } from "./database.ts";
import { openPostgresOrders } from "./postgres-orders.ts";
import type { Store } from "./store.ts";

/** Each pod's share of the server's connections: 13 pods of a rolling update must fit into the usual 100. */
const CONNECTIONS = 4;

/** Any number that nothing else takes: the pods that start at once create the tables one after another. */
const CREATE_LOCK = 20_261_124;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stock (
    item TEXT PRIMARY KEY, price_cents INTEGER NOT NULL, quantity INTEGER NOT NULL CHECK (quantity >= 0)
  );
  CREATE TABLE IF NOT EXISTS reservations (
    key TEXT PRIMARY KEY, item TEXT NOT NULL, quantity INTEGER NOT NULL, pod TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS charges (
    key TEXT PRIMARY KEY, amount_cents INTEGER NOT NULL, pod TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS confirmations (key TEXT PRIMARY KEY, pod TEXT NOT NULL);
  INSERT INTO stock VALUES ('tea', 450, ${INITIAL_STOCK}), ('cup', 1200, ${INITIAL_STOCK})
    ON CONFLICT DO NOTHING;
`;

/** All of the work or nothing of it. */
export type InTransaction = <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>;

/** The orders in a PostgreSQL server; resolves once its tables are there. */
export async function openPostgresStore(databaseUrl: string, pod: string): Promise<Store> {
  const pool = new Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  pool.on("error", () => undefined); // an idle connection broke; the next query opens another
  const inTransaction = transactionsOf(pool);
  await inTransaction(async (client) => {
    await client.query("SELECT pg_advisory_xact_lock($1)", [CREATE_LOCK]);
    await client.query(SCHEMA);
  });
  return { orders: openPostgresOrders(inTransaction, pod), close: () => pool.end() };
}

function transactionsOf(pool: Pool): InTransaction {
  return async (work) => {
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      const result = await work(client);
      await client.query("COMMIT");
      client.release();
      return result;
    } catch (error) {
      // Its connection is closed, which takes back what was not committed.
      client.release(true);
      throw error;
    }
  };
}
