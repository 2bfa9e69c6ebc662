import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LiveView, serveLive } from "./serve-live.ts";

let view: LiveView;
beforeEach(async () => {
  view = await serveLive(0);
});
afterEach(() => view.stop());

async function get(path: string, host?: string): Promise<{ status: number; body: string }> {
  return await new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const asked = request(new URL(path, view.url), { headers }, async (response) =>
      resolve({ status: response.statusCode ?? 0, body: await text(response) }),
    );
    asked.on("error", reject).end();
  });
}

/** Each drawing that the page is sent, as HTML. */
async function* drawings(): AsyncGenerator<string> {
  const response = await fetch(new URL("events", view.url));
  if (response.body === null) throw new TypeError("An event stream has a body.");
  let received = "";
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    received += part;
    for (let end = received.indexOf("\n\n"); end !== -1; end = received.indexOf("\n\n")) {
      const [event = "", data = ""] = received.slice(0, end).split("\n");
      received = received.slice(end + 2);
      if (event === "event: runs") yield JSON.parse(data.replace("data: ", ""));
    }
  }
}

async function untilDrawn(wanted: RegExp): Promise<string> {
  for await (const drawing of drawings()) if (wanted.test(drawing)) return drawing;
  throw new Error(`Never drawn: ${wanted}`);
}

describe("the live view", () => {
  it("draws what goes on, when it goes on", async () => {
    const { progress } = view.follow("shop");
    const drawn = untilDrawn(/3 failed/);
    progress.phase("warm-up", 1_000);
    progress.pods({ ready: 9, terminating: 1, pending: 0 });
    progress.disruption({ type: "none", durationMs: 5 });
    progress.load([{ stream: "visit", requests: 1_000, failures: 1, inFlight: 7 }], 1_200);
    await new Promise((resolve) => setTimeout(resolve, 300)); // after the first drawing
    const threshold = { metric: "forced-kills", operator: "=", limit: 0, text: "0" } as const;
    progress.promises([{ threshold, soFar: 2 }]);
    progress.load([{ stream: "visit", requests: 500, failures: 2, inFlight: 8 }], 1_700);
    const drawing = await drawn;
    expect(drawing).toContain("<h2>shop</h2>");
    expect(drawing).toContain("pods: 9 ready, 1 terminating");
    expect(drawing).toMatch(/1,500 requests, 3 failed,\s+8 in flight/);
    expect(drawing).toContain("no disruption for 5 ms");
    expect(drawing).toMatch(
      /Forced kills 0<\/th><td class="number">2<\/td>\s+<td [^>]*>broken so far/,
    );
    expect(drawing).toContain("Requests per second on visit");
  });

  it("shows the verdict and serves the report, and no other file", async () => {
    const reports = mkdtempSync(join(tmpdir(), "lastcall-live-"));
    try {
      const directory = join(reports, "a run");
      mkdirSync(directory);
      writeFileSync(join(directory, "report.html"), "<p>the report");
      writeFileSync(join(directory, "header.json"), "{}");
      view.follow("shop").finish({ verdict: "fail", headline: "3 <requests> lost", directory });
      expect(await untilDrawn(/lost/)).toContain(
        '<a href="/reports/a%20run">3 &lt;requests&gt; lost</a>',
      );
      expect(await get("/reports/a%20run")).toEqual({ status: 200, body: "<p>the report" });
      rmSync(join(directory, "report.html"));
      expect((await get("/reports/a%20run")).status).toBe(404);
      expect((await get("/reports/a%20run/header.json")).status).toBe(404);
      expect((await get("/reports/..%2F..%2Fetc%2Fpasswd")).status).toBe(404);
    } finally {
      rmSync(reports, { recursive: true });
    }
  });

  it("answers nobody who came by another name", async () => {
    expect((await get("/", "evil.example")).status).toBe(403);
    expect((await get("/")).status).toBe(200);
  });

  it("tells the page when the runs are over", async () => {
    const events = await fetch(new URL("events", view.url));
    await view.stop();
    expect(await events.text()).toContain("event: end\n");
  });

  it("says which port it could not have", async () => {
    const port = Number(new URL(view.url).port);
    await expect(serveLive(port)).rejects.toMatchObject({
      code: "NO_LIVE_VIEW",
      message: expect.stringContaining(String(port)),
    });
  });
});
