import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { failingReport } from "#test/reporting/fixtures/failing-report.ts";
import { pushMetrics, type ServedMetrics, serveMetrics } from "./serve-metrics.ts";

const ADDRESS = "127.0.0.1:19464";
let served: ServedMetrics | undefined;
let gateway: Server | undefined;
afterEach(async () => {
  await served?.stop();
  gateway?.close();
  [served, gateway] = [undefined, undefined];
});

async function scrape(): Promise<string> {
  return await (await fetch(`http://${ADDRESS}/metrics`)).text();
}

describe("serveMetrics", () => {
  it("counts what goes on", async () => {
    served = await serveMetrics(ADDRESS);
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
    served = await serveMetrics(ADDRESS);
    const report = failingReport();
    served.finish(report);
    const page = await scrape();
    const { scenario, runId } = report.header;
    expect(page).toContain(`lastcall_run_verdict{scenario="${scenario}",verdict="fail"} 1`);
    const withId = page.split("\n").filter((line) => line.includes(runId));
    expect(withId.length).toBeGreaterThan(0);
    for (const line of withId) expect(line).toContain(`# {run_id="${runId}"}`);
  });

  it.each(["9464", "host", ":0", ":70000"])("refuses the address %s", async (address) => {
    await expect(serveMetrics(address)).rejects.toMatchObject({ code: "BAD_ADDRESS" });
  });

  it("says when the address is taken", async () => {
    served = await serveMetrics(ADDRESS);
    await expect(serveMetrics(ADDRESS)).rejects.toMatchObject({ code: "NO_METRICS" });
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
    const address = gateway.address();
    const port = typeof address === "object" ? address?.port : undefined;
    return { url: `http://127.0.0.1:${port}`, pushed };
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

  it("says when nobody took it", async () => {
    const { url } = await aGateway(500);
    await expect(pushMetrics(failingReport(), url)).rejects.toMatchObject({
      code: "NOT_PUSHED",
      hint: expect.stringContaining("The run is judged"),
    });
  });
});
