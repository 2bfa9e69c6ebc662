import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LoadStream } from "#domain/load-profile.ts";
import type { Report } from "#domain/report.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { Threshold } from "#domain/threshold.ts";
import { startRun } from "#harness.ts";
import { judgeRun } from "#recorded-runs.ts";
import { loadScenario } from "#scenario/load-scenario.ts";
import { PASSWORD, type PostgresServer, startPostgres } from "./postgres-server.ts";

/*
 * The sample shop with its orders in a real PostgreSQL server: a rolling update under load, and the
 * transactions judged by what the database itself says.
 */
const FOLDER = join(import.meta.dirname, "../../scenarios/shop-postgres");
const THRESHOLDS: readonly Threshold[] = [
  { metric: "request-error-rate", operator: "<", limit: 0.001, text: "<0.1%" },
  { metric: "transaction-completion-rate", operator: "=", limit: 1, text: "100%" },
  { metric: "audit-violations", operator: "=", limit: 0, text: "0" },
];

let server: PostgresServer;
let reportsDir: string;

beforeAll(async () => {
  server = await startPostgres();
  process.env["DATABASE_URL"] = server.url;
}, 60_000);
afterAll(() => server?.stop());

beforeEach((context) => {
  reportsDir = mkdtempSync(join(tmpdir(), "lastcall-shop-postgres-"));
  context.onTestFinished(() => rmSync(reportsDir, { recursive: true }));
});

/** The scenario as it is, but for the address of the database and the length of its phases. */
async function shopHere(): Promise<Scenario> {
  const scenario = await loadScenario(FOLDER);
  const objects = scenario.objects.map((object) =>
    object.kind === "Secret" ? { ...object, stringData: { url: server.url } } : object,
  );
  const timing = { ...scenario.timing, warmUpMs: 1_000, controlMs: 2_000, recoveryMs: 2_000 };
  return { ...scenario, objects, timing };
}

async function update(
  wanted: (stream: LoadStream) => boolean = () => true,
): Promise<{ readonly report: Report; readonly directory: string }> {
  const whole = await shopHere();
  const scenario = { ...whole, load: whole.load.filter(wanted) };
  const { run, stop } = await startRun({
    scenario,
    cluster: "embedded",
    reportsDir,
    output: { write() {} },
    signal: new AbortController().signal,
  });
  try {
    const { workload } = scenario;
    const directory = await run.disruptUnderLoad([{ type: "rolling-update", workload }]);
    return { directory, report: await judgeRun(directory, THRESHOLDS) };
  } finally {
    await stop();
  }
}

describe("the shop on PostgreSQL", () => {
  it("keeps every promise of a rolling update, judged by SQL, and shows its password nowhere", async () => {
    const { report, directory } = await update();
    const verdicts = report.results.map(({ threshold, verdict }) => [threshold.metric, verdict]);
    expect({ verdicts, doubts: report.doubts }).toEqual({
      verdicts: THRESHOLDS.map(({ metric }) => [metric, "pass"]),
      doubts: [],
    });
    const [{ n: orders } = { n: 0 }] = (await server.run(
      `SELECT count(*)::int AS n FROM confirmations WHERE key LIKE '${report.header.runId}-%'`,
    )) as readonly { readonly n: number }[];
    expect(report.transactions.committed).toBe(orders);
    expect(orders).toBeGreaterThan(100);
    for (const file of readdirSync(directory))
      expect([file, readFileSync(join(directory, file)).includes(PASSWORD)]).toEqual([file, false]);
  });

  it("is caught when the database forgets confirmations that were acknowledged", async () => {
    await server.run(`
      CREATE TABLE IF NOT EXISTS confirmations (key TEXT PRIMARY KEY, pod TEXT NOT NULL);
      CREATE OR REPLACE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN DELETE FROM confirmations WHERE key = NEW.key; RETURN NULL; END $$;
      CREATE OR REPLACE TRIGGER forgetful AFTER INSERT ON confirmations FOR EACH ROW
        WHEN (NEW.key LIKE '%7') EXECUTE FUNCTION forget();
    `);
    const { report } = await update(({ name }) => name === "order" || name === "wait");
    expect({
      verdict: report.verdict,
      voids: report.voids,
      headline: report.headline,
    }).toMatchObject({ verdict: "fail", voids: [] });
    expect(report.transactions.partial).toBeGreaterThan(5);
    const completion = report.results.find(
      ({ threshold }) => threshold.metric === "transaction-completion-rate",
    );
    expect(completion?.measurement.evidence.notes[0]).toMatch(
      /-order-\d*7 is partial: reserve × 1, charge × 1$/,
    );
  });
});
