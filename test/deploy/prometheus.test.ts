import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderMetrics } from "#reporting/prometheus/render-metrics.ts";
import { type ServedMetrics, serveMetrics } from "#reporting/prometheus/serve-metrics.ts";
import { failingReport } from "../reporting/fixtures/failing-report.ts";

/* deploy/ held against a real Prometheus that scrapes us. Debian: apt-get install prometheus docker-compose */
const deploy = join(import.meta.dirname, "../../deploy");
const run = promisify(execFile);

const COUNTS = {
  sumMs: 3_000,
  upTo: [
    { ms: 1, answers: 400 },
    { ms: 100, answers: 1_000 },
  ],
};
const SUMMARY = { answers: 1_000, p50Ms: 1.2, p99Ms: 14, maxMs: 80 };
const LATENCIES = [
  {
    stream: "visit",
    control: SUMMARY,
    exposed: SUMMARY,
    counts: { control: COUNTS, exposed: COUNTS },
    perTermination: { p50Ms: [1.2], p99Ms: [14] },
  },
];

let folder: string;
let served: ServedMetrics;
let prometheus: ReturnType<typeof spawn>;
let api: string;
const stopFeeding = new AbortController();

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : Number.NaN;
}

/** A run that goes on, so that there are rates to see. */
async function feed(): Promise<void> {
  const progress = served.follow("shop");
  progress.phase("disruption", 0);
  progress.pods({ ready: 8, terminating: 2 });
  while (!stopFeeding.signal.aborted) {
    progress.load([{ stream: "visit", requests: 10, failures: 1, inFlight: 2 }], 0);
    await delay(200);
  }
}

async function query(expr: string): Promise<readonly unknown[]> {
  const response = await fetch(`${api}/api/v1/query?${new URLSearchParams({ query: expr })}`);
  const body = (await response.json()) as { data?: { result: unknown[] }; error?: string };
  if (body.data === undefined) throw new Error(`${expr}: ${body.error}`);
  return body.data.result;
}

async function untilScraped(): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const rates = await query("rate(lastcall_requests_total[30s])").catch(() => []);
    if (rates.length > 0) return;
    await delay(200);
  }
  throw new Error("Prometheus never scraped the metrics.");
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lastcall-prometheus-"));
  const [port, target] = [await freePort(), await freePort()];
  api = `http://127.0.0.1:${port}`;
  served = await serveMetrics(`127.0.0.1:${target}`);
  served.finish({ ...failingReport(), latencies: LATENCIES });
  void feed();
  cpSync(join(deploy, "prometheus"), folder, { recursive: true });
  const config = readFileSync(join(folder, "prometheus.yml"), "utf8")
    .replaceAll("_interval: 5s", "_interval: 1s")
    .replace("runner:9464", `127.0.0.1:${target}`);
  writeFileSync(join(folder, "prometheus.yml"), config);
  const args = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "tsdb")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  prometheus = spawn("prometheus", args, { stdio: "ignore" });
  await once(prometheus, "spawn");
  await untilScraped();
}, 60_000);

afterAll(async () => {
  stopFeeding.abort();
  prometheus.kill();
  await once(prometheus, "exit");
  await served.stop();
  rmSync(folder, { recursive: true });
});

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

describe("the dashboard", () => {
  const { panels } = JSON.parse(
    readFileSync(join(deploy, "grafana/dashboards/lastcall.json"), "utf8"),
  ) as Dashboard;
  const queries = panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ title, expr: expr.replaceAll("$scenario", ".*") })),
  );

  it.each(queries)("$title has data: $expr", async ({ expr }) => {
    expect(await query(expr)).not.toEqual([]);
  });
});

describe("the alert rules", () => {
  it("are what promtool takes, and a failed run rings", async () => {
    await run("promtool", ["check", "rules", join(deploy, "prometheus/alerts.yml")]);
    await expect
      .poll(() => query('ALERTS{alertname="LastcallPromiseBroken"}'), { timeout: 20_000 })
      .not.toEqual([]);
  });
});

describe("what a run writes", () => {
  it("is what promtool takes", async () => {
    const checking = run("promtool", ["check", "metrics"]);
    checking.child.stdin?.end(await renderMetrics({ ...failingReport(), latencies: LATENCIES }));
    expect((await checking).stderr).toBe("");
  });
});

describe("docker-compose.yml", () => {
  it("is what docker-compose takes", async () => {
    const { stdout } = await run("docker-compose", ["config"], { cwd: join(deploy, "..") });
    for (const service of ["runner", "prometheus", "pushgateway", "grafana", "postgres"]) {
      expect(stdout).toContain(`  ${service}:`);
    }
  });
});
