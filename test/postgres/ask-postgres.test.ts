import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuditCheck } from "#domain/audit-check.ts";
import { askPostgres } from "#load/audit/ask-postgres.ts";
import { PASSWORD, type PostgresServer, startPostgres } from "./postgres-server.ts";

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
  await server.run(`
    CREATE TABLE effects (key TEXT, effect TEXT);
    INSERT INTO effects VALUES ('r1-order-0', 'reserve'), ('r1-order-0', 'reserve'), ('r1-order-1', 'charge');
    CREATE TABLE accounts (name TEXT, balance NUMERIC(12, 2));
    INSERT INTO accounts VALUES ('ann', 10.25), ('bob', 0.75);
  `);
}, 60_000);
afterAll(() => server?.stop());
beforeEach(() => {
  process.env["TEST_DATABASE_URL"] = server.url;
});

const EFFECTS =
  "SELECT effect, count(*) AS count, key FROM effects GROUP BY key, effect ORDER BY key";

function ask(query: string, checks: readonly AuditCheck[] = []) {
  const source = { type: "postgres", urlFrom: "TEST_DATABASE_URL", query } as const;
  return askPostgres(source, { source, checks, keyPrefix: "r1-order-", otherPrefixes: [] });
}

const check = (type: AuditCheck["type"], query: string) =>
  ({ type, name: "it", place: { type: "query", query } }) as AuditCheck; // the fields that are read

describe("askPostgres", () => {
  it("reads counts and decimal sums as numbers, and keys as texts", async () => {
    const answer = await ask(EFFECTS, [
      check("sum", "SELECT balance FROM accounts ORDER BY name"),
      check("counter", "SELECT count(*) FROM effects"),
      check("set", "SELECT DISTINCT key FROM effects WHERE key LIKE '{{prefix}}%' ORDER BY key"),
    ]);
    expect(answer).toEqual({
      entries: [
        { key: "r1-order-0", effects: { reserve: 2 } },
        { key: "r1-order-1", effects: { charge: 1 } },
      ],
      values: [[10.25, 0.75], 3, ["r1-order-0", "r1-order-1"]],
    });
  });

  it("knows the columns of an empty table, so that a wrong query is found before the load", async () => {
    await expect(ask("SELECT key, effect FROM effects WHERE false")).rejects.toThrow(
      "it must have key, effect and count",
    );
  });

  it("sees one instant, whatever is written between two queries", async () => {
    const slow = check("counter", "SELECT 1 FROM pg_sleep(0.5)");
    const asked = ask(EFFECTS, [slow, check("counter", "SELECT count(*) FROM accounts")]);
    for (let going = false; !going; )
      going =
        (
          await server.run(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(0%' AND state = 'active' AND pid <> pg_backend_pid()",
          )
        ).length > 0;
    await server.run("INSERT INTO accounts VALUES ('eve', 0)");
    expect((await asked).values).toEqual([1, 2]);
    await server.run("DELETE FROM accounts WHERE name = 'eve'");
  });

  it("can write nothing, and runs no second statement", async () => {
    await expect(ask("DELETE FROM effects RETURNING key, effect, 1 AS count")).rejects.toThrow(
      "read-only transaction",
    );
    await expect(ask("COMMIT; DROP TABLE effects")).rejects.toThrow("multiple commands");
    expect(await server.run("SELECT count(*)::int AS n FROM effects")).toEqual([{ n: 3 }]);
  });

  it("refuses a number that it could not hold exactly", async () => {
    const large = check("counter", "SELECT 9007199254740993");
    await expect(ask(EFFECTS, [large])).rejects.toThrow("9007199254740993 is too large");
  });

  it("says what stood in the way, without the password", async () => {
    const messages = [];
    for (const url of [
      server.url.replace(PASSWORD, "wrong-password"),
      server.url.replace(/:\d+\//, ":1/"),
      server.url.replace(/\/shop$/, `/${PASSWORD}`),
    ]) {
      process.env["TEST_DATABASE_URL"] = url;
      messages.push(await ask(EFFECTS).catch((error: Error) => error.message));
    }
    expect(messages).toEqual([
      'password authentication failed for user "shop"',
      "connect ECONNREFUSED 127.0.0.1:1",
      'database "***" does not exist',
    ]);
  });

  it("leaves no connection open, whether or not it went well", async () => {
    await ask(EFFECTS);
    await ask("SELECT nonsense").catch(() => undefined);
    const open = "SELECT pid FROM pg_stat_activity WHERE application_name = 'lastcall'";
    await expect.poll(() => server.run(open)).toEqual([]);
  });
});
