import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadScenario } from "./load-scenario.ts";

const WORKLOAD = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "example/web:1" }] }
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scenario-"));
  writeFileSync(join(folder, "workload.yaml"), WORKLOAD);
});

afterEach(() => rmSync(folder, { recursive: true }));

async function load(audit: string, checks?: string) {
  const given = checks === undefined ? "" : `checks: [${checks}]`;
  writeFileSync(
    join(folder, "scenario.yaml"),
    `load:
- type: transactions
  rate: 1
  effects: [a]
  steps: [{ name: a, path: / }]
  audit: ${audit}
  ${given}
`,
  );
  return (await loadScenario(folder)).load[0];
}

/** What is wrong with them, without the folder; each problem begins with its line. */
async function problems(audit: string, checks?: string): Promise<string> {
  const error = await load(audit, checks).catch((thrown: unknown) => thrown);
  return error instanceof Error ? error.message.replaceAll(`${folder}/scenario.yaml:`, "") : "none";
}

const path = (...names: readonly string[]) => ({ type: "path", names });
const query = (text: string) => ({ type: "query", query: text });

describe("an audit", () => {
  it("is a path, which may hold the prefix of the keys", async () => {
    expect(await load("/audit?from={{prefix}}")).toMatchObject({
      audit: { type: "http", path: "/audit?from={{prefix}}" },
    });
    expect(await problems("/audit?from={{key}}")).toBe(
      "6: load[0].audit holds {{key}}; the placeholder here is {{prefix}}",
    );
  });

  it("is a query of a SQLite file, named from the scenario's folder", async () => {
    expect(await load("{ sqlite: data/shop.db, query: SELECT 1 }")).toMatchObject({
      audit: { type: "sqlite", file: join(folder, "data/shop.db"), query: "SELECT 1" },
    });
  });

  it("is a query of a PostgreSQL server whose address is in the environment", async () => {
    expect(await load("{ postgres: { urlFrom: SHOP_DB }, query: SELECT 1 }")).toMatchObject({
      audit: { type: "postgres", urlFrom: "SHOP_DB", query: "SELECT 1" },
    });
  });

  it.each([
    ["{ query: SELECT 1 }", "must have one of sqlite and postgres"],
    ["{ sqlite: a, postgres: { urlFrom: B }, query: SELECT 1 }", "must have one of sqlite"],
    ["{ sqlite: a }", 'lacks "query", which must be a query'],
    ['{ sqlite: a, query: "" }', 'audit.query is ""; it must be a query'],
    ["{ sqlite: a, query: SELECT 1, file: b }", "audit.file is no known key"],
    ["{ postgres: SHOP_DB, query: SELECT 1 }", "it must be a mapping such as { urlFrom"],
    ["{ postgres: { url: a }, query: SELECT 1 }", 'lacks "urlFrom"'],
  ])("is refused with its place when it is %s", async (audit, problem) => {
    expect(await problems(audit)).toContain(problem);
    expect(await problems(audit)).toMatch(/^(2 problems:\n {2})?6: load\[0\]\.audit/);
  });

  it("never shows an address that somebody wrote into the file", async () => {
    const found = await problems(
      "{ postgres: { urlFrom: 'postgres://ann:secret@db/shop' }, query: SELECT 1 }",
    );
    expect(found).toContain("6: load[0].audit.postgres.urlFrom must be the name of an environment");
    expect(found).not.toContain("secret");
  });
});

describe("the checks of an answer", () => {
  it("have a path each, and defaults for the rest", async () => {
    const checks =
      "{ type: sum, path: a.b, equals: -2.5 }, { type: set, path: c, name: keys }, " +
      "{ type: counter, path: d }, { type: queue, path: e }, { type: sum, path: f }, " +
      "{ type: counter, path: g, from: 0 }, " +
      "{ type: queue, path: h, delivery: at-least-once, within: 2s }";
    expect(await load("/", checks)).toMatchObject({
      checks: [
        { type: "sum", name: "a.b", place: path("a", "b"), equals: -2.5 },
        { type: "set", name: "keys", place: path("c") },
        { type: "counter", name: "d", place: path("d") },
        { type: "queue", name: "e", place: path("e"), delivery: "exactly-once", withinMs: 10_000 },
        { type: "sum", name: "f", place: path("f") },
        { type: "counter", name: "g", place: path("g"), from: 0 },
        { type: "queue", name: "h", place: path("h"), delivery: "at-least-once", withinMs: 2_000 },
      ],
    });
  });

  it("are refused with their places", async () => {
    const wrong =
      "{ type: sum }, { type: heap, path: a }, { type: set, path: b, from: 1 }, " +
      "{ type: set, path: b }, { type: counter, query: SELECT 1, path: c }, " +
      "{ type: queue, path: d, delivery: once, within: 0s }";
    expect(await problems("/", wrong)).toBe(`7 problems:
  7: load[0].checks[0] lacks "path", which must be a text
  7: load[0].checks[1].type is "heap"; it must be sum, set, counter, or queue
  7: load[0].checks[2].from is no known key. Known keys here: type, path, name
  7: load[0].checks[4].query is no known key. Known keys here: type, path, name, from
  7: load[0].checks[5].delivery is "once"; it must be exactly-once or at-least-once
  7: load[0].checks[5].within is "0s"; it must be a duration above 0, such as 300ms or 5s
  7: load[0].checks has two checks called "b"; names must differ`);
  });
});

describe("the checks of a database", () => {
  const SQLITE = "{ sqlite: shop.db, query: SELECT 1 }";

  it("have a query each, and are called by their type", async () => {
    const checks =
      "{ type: sum, query: SELECT balance FROM accounts }, { type: set, name: keys, query: SELECT key FROM orders }";
    expect(await load(SQLITE, checks)).toMatchObject({
      checks: [
        { type: "sum", name: "sum", place: query("SELECT balance FROM accounts") },
        { type: "set", name: "keys", place: query("SELECT key FROM orders") },
      ],
    });
  });

  it("have no path", async () => {
    expect(await problems(SQLITE, "{ type: set, path: orders }")).toContain(
      '7: load[0].checks[0] lacks "query", which must be a query',
    );
  });
});
