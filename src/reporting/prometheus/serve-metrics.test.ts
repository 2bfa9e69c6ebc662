import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failingReport } from "#test/reporting/fixtures/failing-report.ts";
import { pushMetrics, requireGateway, type ServedMetrics, serveMetrics } from "./serve-metrics.ts";

let address: string;
let served: ServedMetrics | undefined;
let gateway: Server | undefined;
beforeEach(async () => {
  address = `127.0.0.1:${await aFreePort()}`;
});
afterEach(async () => {
  await served?.stop();
  gateway?.close();
  [served, gateway] = [undefined, undefined];
});

async function aFreePort(): Promise<number | undefined> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(server: Server): number | undefined {
  const bound = server.address();
  return typeof bound === "object" ? bound?.port : undefined;
}

async function scrape(): Promise<string> {
  return await (await fetch(`http://${address}/metrics`)).text();
}

describe("serveMetrics", () => {
  it("counts what goes on", async () => {
    served = await serveMetrics(address);
    const progress = served.follow("shop");
    progress.phase("control", 0);
    progress.phase("disruption", 1);
    progress.pods({ ready: 8 });
    progress.disruption({ type: "none", durationMs: 1 });
    progress.load([{ stream: "visit", requests: 10, failures: 1, inFlight: 4 }], 1);
    progress.load([{ stream: "visit", requests: 5, failures: 0, inFlight: 2 }], 2);
    const lines = (await scrape()).split("\n");
    for (const line of [
      'lastcall_phase{scenario="shop",phase="control"} 0',
      'lastcall_phase{scenario="shop",phase="disruption"} 1',
      'lastcall_pods{scenario="shop",state="ready"} 8',
      'lastcall_disruptions_total{scenario="shop",type="none"} 1',
      'lastcall_requests_total{scenario="shop",stream="visit"} 15',
      'lastcall_request_failures_total{scenario="shop",stream="visit"} 1',
      'lastcall_requests_in_flight{scenario="shop",stream="visit"} 2',
    ])
      expect(lines).toContain(line);
    expect(lines.at(-2)).toBe("# EOF"); // the OpenMetrics form
  });

  it("shows a finished run, with its id as an exemplar and nowhere else", async () => {
    served = await serveMetrics(address);
    const report = failingReport();
    served.finish(report);
    const page = await scrape();
    const { scenario, runId } = report.header;
    expect(page).toContain(`lastcall_run_verdict{scenario="${scenario}",verdict="fail"} 1`);
    const withId = page.split("\n").filter((line) => line.includes(runId));
    expect(withId.length).toBeGreaterThan(0);
    for (const line of withId) expect(line).toContain(`# {run_id="${runId}"}`);
  });

  it("adds the answers of each run to one histogram, with its slowest ones as exemplars", async () => {
    served = await serveMetrics(address);
    const counts = (answers: number) => ({
      sumMs: 500,
      upTo: [
        { ms: 10, answers },
        { ms: 1_000, answers: answers + 1 },
      ],
    });
    for (const runId of ["first", "second"]) {
      const report = failingReport();
      const summary = { answers: 5, p50Ms: 5, p99Ms: 800, maxMs: 4_000 };
      served.finish({
        ...report,
        header: { ...report.header, scenario: "web", runId },
        latencies: [
          {
            ...{ stream: "visit", control: { answers: 2 }, exposed: summary },
            counts: { control: counts(0), exposed: counts(3) },
            perTermination: { p50Ms: [], p99Ms: [] },
          },
        ],
      });
    }
    const line = (name: string) => (label: string) =>
      `lastcall_request_latency_seconds_${name}{scenario="web",stream="visit",window="disruption"${label}} `;
    const page = await scrape();
    expect(page).toContain("# TYPE lastcall_request_latency_seconds histogram");
    for (const [bound, count, exemplar] of [
      ["0.01", 6, "0.005"],
      ["1", 8, "0.8"],
      ["+Inf", 10, "4"],
    ])
      expect(page).toContain(
        `${line("bucket")(`,le="${bound}"`)}${count} # {run_id="second"} ${exemplar} `,
      );
    expect(page).toContain(`${line("sum")("")}1\n`);
    expect(page).toContain(`${line("count")("")}10\n`);
  });

  it.each(["9464", "host", ":0", ":70000"])("refuses the address %s", async (wrong) => {
    await expect(serveMetrics(wrong)).rejects.toMatchObject({ code: "BAD_ADDRESS" });
  });

  it("says when the address is taken", async () => {
    served = await serveMetrics(address);
    await expect(serveMetrics(address)).rejects.toMatchObject({ code: "NO_METRICS" });
  });
});

describe("pushMetrics", () => {
  async function aGateway(status: number) {
    const pushed: { url?: string | undefined; body: string }[] = [];
    gateway = createServer(async (request, response) => {
      pushed.push({ url: request.url, body: await text(request) });
      response.writeHead(status).end();
    }).listen(0, "127.0.0.1");
    await once(gateway, "listening");
    return { url: `http://127.0.0.1:${portOf(gateway)}`, pushed };
  }

  it("pushes a run under its scenario, so that the next takes its place", async () => {
    const { url, pushed } = await aGateway(200);
    const report = failingReport();
    await pushMetrics(report, url);
    const [push] = pushed;
    expect(push?.url).toBe(
      `/metrics/job/lastcall/scenario/${encodeURIComponent(report.header.scenario)}`,
    );
    expect(push?.body).toContain("lastcall_run_verdict{");
    expect(push?.body).not.toContain("# EOF");
  });

  it("says when nobody took it, and why, but no password", async () => {
    const { url } = await aGateway(500);
    const withPassword = url.replace("//", "//ann:secret@");
    await expect(pushMetrics(failingReport(), withPassword)).rejects.toMatchObject({
      code: "NOT_PUSHED",
      message: `Could not push the run's metrics to ${url}: push failed with status 500,.`,
      hint: expect.stringContaining("The run is judged"),
    });
  });

  it("waits no longer than it has to for a gateway that does not answer", async () => {
    gateway = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(gateway, "listening");
    const pushing = pushMetrics(failingReport(), `http://127.0.0.1:${portOf(gateway)}`, 20);
    await expect(pushing).rejects.toMatchObject({ code: "NOT_PUSHED" });
  });

  it.each(["pushgateway:9091", "ftp://host", ""])("knows %j for no address at once", (wrong) => {
    expect(() => requireGateway(wrong)).toThrow("--pushgateway was given no address");
    expect(() => requireGateway("http://pushgateway:9091")).not.toThrow();
  });
});
