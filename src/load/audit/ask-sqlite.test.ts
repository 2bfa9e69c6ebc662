import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AuditCheck } from "#domain/audit-check.ts";
import { askSqlite } from "./ask-sqlite.ts";

const EFFECTS =
  "SELECT key, 'reserve' AS effect, 1 AS count FROM reservations UNION ALL SELECT key, 'charge', 1 FROM charges";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
  file = join(folder, "shop.db");
  using database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE reservations (key TEXT, quantity INTEGER);
    CREATE TABLE charges (key TEXT);
    INSERT INTO reservations VALUES ('r1-order-0', 2), ('r1-order-1', 3), ('r0-order-0', 5);
    INSERT INTO charges VALUES ('r1-order-0'), ('r1-order-0');
  `);
});

afterEach(() => rmSync(folder, { recursive: true }));

function ask(query: string, checks: readonly AuditCheck[] = [], from = file) {
  const source = { type: "sqlite", file: from, query } as const;
  return askSqlite(source, { source, checks, keyPrefix: "r1-order-", otherPrefixes: [] });
}

const check = (type: AuditCheck["type"], query: string) =>
  ({ type, name: "it", place: { type: "query", query } }) as AuditCheck; // the fields that are read

describe("askSqlite", () => {
  it("reads one entry for each row of key, effect and count, in whatever order they stand", async () => {
    const { entries } = await ask(`SELECT 7 AS more, count, effect, key FROM (${EFFECTS})`);
    expect(entries).toEqual([
      { key: "r1-order-0", effects: { reserve: 1 } },
      { key: "r1-order-1", effects: { reserve: 1 } },
      { key: "r0-order-0", effects: { reserve: 1 } },
      { key: "r1-order-0", effects: { charge: 1 } },
      { key: "r1-order-0", effects: { charge: 1 } },
    ]);
  });

  it("puts the prefix of this run's keys into a query", async () => {
    const { entries } = await ask(`SELECT * FROM (${EFFECTS}) WHERE key LIKE '{{prefix}}1%'`);
    expect(entries).toEqual([{ key: "r1-order-1", effects: { reserve: 1 } }]);
  });

  it("reads the column of each check: one number for a counter, a list for the others", async () => {
    const { values } = await ask(EFFECTS, [
      check("sum", "SELECT quantity FROM reservations"),
      check("counter", "SELECT COUNT(*) FROM charges"),
      check("set", "SELECT key FROM reservations WHERE key LIKE '{{prefix}}%'"),
      check("counter", "SELECT key FROM charges"),
    ]);
    expect(values).toEqual([
      [2, 3, 5],
      2,
      ["r1-order-0", "r1-order-1"],
      ["r1-order-0", "r1-order-0"],
    ]);
  });

  it.each([
    [
      "SELECT key, effect FROM (SELECT '' AS key, '' AS effect) WHERE 0",
      "it must have key, effect and count",
    ],
    ["SELECT 1 AS key, 'a' AS effect, 1 AS count", "row 1 has no texts"],
    ["SELECT 'k' AS key, NULL AS effect, 1 AS count", "row 1 has no texts"],
    ["SELECT 'k' AS key, 'a' AS effect, 0.5 AS count", "no whole number as count"],
    ["SELECT nonsense", "no such column: nonsense"],
  ])("does not guess what %s means", async (query, message) => {
    await expect(ask(query)).rejects.toThrow(message);
  });

  it("wants one column for a check", async () => {
    const two = check("set", "SELECT key, quantity FROM reservations");
    await expect(ask(EFFECTS, [two])).rejects.toThrow(
      "the query of it has the columns key, quantity; it must have one",
    );
  });

  it("can write nothing, and makes no file where there is none", async () => {
    await expect(
      ask("DELETE FROM charges RETURNING key, 'a' AS effect, 1 AS count"),
    ).rejects.toThrow("readonly database");
    const nowhere = join(folder, "nowhere.db");
    await expect(ask(EFFECTS, [], nowhere)).rejects.toThrow("unable to open database file");
  });
});
