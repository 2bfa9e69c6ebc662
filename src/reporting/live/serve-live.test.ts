import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FollowRun, RunFollower } from "#ports/run-follower.ts";
import { aHistory, anExchange, RESET } from "#test/support/builders.ts";
import { soFarOf } from "#test/support/so-far.ts";
import { type LiveView, serveLive } from "./serve-live.ts";

let view: LiveView;
let follow: FollowRun;
let closed: string[];
beforeEach(async () => {
  follow = followed;
  closed = [];
  view = await serveLive(0, (directory) => follow(directory));
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

/** What the page has been told until it shows what is wanted: each part as it is by then. */
async function untilDrawn(wanted: RegExp): Promise<string> {
  const parts = new Map<string, string>();
  for await (const { type, data } of events()) {
    if (type !== "drawing") continue;
    for (const [name, part] of Object.entries(JSON.parse(data).parts)) parts.set(name, `${part}`);
    const drawn = [...parts.values()].join("\n");
    if (wanted.test(drawn)) return drawn;
  }
  throw new Error(`Never drawn: ${wanted}`);
}

async function* events(): AsyncGenerator<{ readonly type: string; readonly data: string }> {
  const response = await fetch(new URL("events", view.url));
  if (response.body === null) throw new TypeError("An event stream has a body.");
  let received = "";
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    received += part;
    for (let end = received.indexOf("\n\n"); end !== -1; end = received.indexOf("\n\n")) {
      const [type = "", data = ""] = received.slice(0, end).split("\n");
      received = received.slice(end + 2);
      yield { type: type.replace("event: ", ""), data: data.replace("data: ", "") };
    }
  }
}

const LOST = { scheduledAtMs: 10, endedAtMs: 20, outcome: RESET } as const;

/** Of a run in which a pod left and a request was lost. */
function followed(): RunFollower {
  const history = aHistory();
  const soFar = soFarOf(history);
  return {
    readOn(phases, nowMs) {
      soFar.seePhases(phases, nowMs);
      soFar.see(anExchange({ scheduledAtMs: nowMs, endedAtMs: nowMs, outcome: RESET }));
      return soFar.draw();
    },
    close: () => void closed.push("closed"),
  };
}

describe("the live view", () => {
  it("draws the run as its report will, with its pods and what was lost", async () => {
    const { progress } = view.follow("shop");
    const drawn = untilDrawn(/broken so far/);
    progress.recording("reports/shop");
    progress.phase("warm-up", 1_000);
    progress.pods({ ready: 9, terminating: 1, pending: 0 });
    progress.disruption({ type: "none", durationMs: 5 });
    progress.load([{ stream: "reused", requests: 1_000, failures: 1, inFlight: 7 }], 4_500);
    const threshold = { metric: "forced-kills", operator: "=", limit: 0, text: "0" } as const;
    progress.promises([{ threshold, soFar: 2 }]);
    progress.load([{ stream: "reused", requests: 500, failures: 2, inFlight: 8 }], 5_000);
    const drawing = await drawn;
    expect(drawing).toContain("<h1>shop</h1>");
    expect(drawing).toContain("pods: 9 ready, 1 terminating");
    expect(drawing).toContain("no disruption for 5 ms");
    expect(drawing).toMatch(
      /Forced kills 0<\/th><td class="number">2<\/td>\s+<td [^>]*>broken so far/,
    );
    expect(drawing).toMatch(/web-1: created at 0.*, deletion requested \(T0\) at 4/);
    expect(drawing).toMatch(/id="mark-0"[^>]*reset/);
    expect(drawing).toContain("Requests per second on reused");
  });

  it("tells only what has changed", async () => {
    const { progress } = view.follow("shop");
    progress.recording("reports/shop");
    progress.phase("warm-up", 0);
    const told = [];
    for await (const { data } of events()) {
      const { frame, parts, streams } = JSON.parse(data);
      told.push({ frame: frame !== undefined, parts: Object.keys(parts), streams });
      if (told.length === 2) break;
      progress.load([{ stream: "reused", requests: 1, failures: 1, inFlight: 0 }], 9_000);
    }
    const [first, second] = told;
    expect(first?.parts).toContain("lane-1");
    expect(second).toMatchObject({ frame: false, streams: [{ set: [[1, expect.anything()]] }] });
    expect(second?.parts).toContain("future");
    expect(second?.parts).not.toContain("lane-1"); // nothing has become of that pod
  });

  it("draws what the load counts where its ledger is elsewhere", async () => {
    const { progress } = view.follow("shop");
    follow = () => ({ ...followed(), readOn: () => soFarOf(aHistory()).draw() });
    progress.recording("reports/shop");
    progress.phase("warm-up", 0);
    progress.load([{ stream: "visit", requests: 1_500, failures: 0, inFlight: 0 }], 100);
    expect(await untilDrawn(/1,500 in all/)).toContain("Requests per second on visit");
  });

  it("says that a history cannot be read, and follows the run without it", async () => {
    const { progress } = view.follow("shop");
    follow = () => ({
      ...followed(),
      readOn: () => {
        throw new Error("the disk is gone");
      },
    });
    progress.recording("reports/shop");
    expect(await untilDrawn(/gone/)).toContain("cannot be followed any more: the disk is gone");
    expect(closed).toEqual(["closed"]);
  });

  it("reads nothing for nobody, and closes the history of a run when another is drawn", () => {
    let read = 0;
    const run = view.follow("shop");
    follow = () => ({ ...followed(), readOn: () => void read++ as never });
    run.progress.recording("reports/shop");
    run.progress.load([], 1);
    run.finish({ verdict: "pass", headline: "", directory: "reports/shop" });
    expect(read).toBe(0);
    expect(closed).toEqual([]);
    view.follow("bank");
    expect(closed).toEqual(["closed"]);
  });

  it("reads a run that is over to its end for whoever comes only then", async () => {
    let unread = 3;
    const soFar = soFarOf(aHistory());
    follow = () => ({
      ...followed(),
      readOn(phases, nowMs) {
        soFar.seePhases(phases, nowMs);
        if (unread-- > 0) soFar.see(anExchange({ seq: unread, ...LOST }));
        return soFar.draw();
      },
    });
    const run = view.follow("shop");
    run.progress.recording("reports/shop");
    run.progress.phase("warm-up", 0);
    run.finish({ verdict: "fail", headline: "", directory: "reports/shop" });
    expect(await untilDrawn(/All 3 failed requests/)).toContain("data-report");
  });

  it("tells even a slow reader the report before the end", async () => {
    const run = view.follow("shop");
    run.progress.note("x".repeat(12_000_000)); // more than sockets hold for whoever does not read
    const asked = request(new URL("events", view.url));
    const [response] = await once(asked.end(), "response");
    run.finish({ verdict: "pass", headline: "", directory: "reports/shop" });
    const stopping = view.stop();
    let told = "";
    for await (const part of response.setEncoding("utf8")) {
      told = (told + part).slice(-20_000);
      if (part.includes("event: end")) break;
    }
    await stopping;
    expect(told).toContain("data-report");
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
        '<a href="/reports/a%20run" data-report>3 &lt;requests&gt; lost</a>',
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

  it("tells the page when the runs are over, and waits until it has what it wants", async () => {
    view.follow("shop").finish({ verdict: "pass", headline: "", directory: "reports/a run" });
    const stopped: string[] = [];
    let stopping: Promise<unknown> | undefined;
    for await (const { type } of events()) {
      stopping ??= view.stop().then(() => stopped.push("stopped"));
      if (type === "end") break; // and this reader leaves
      expect(stopped).toEqual([]);
    }
    await stopping;
    await expect(get("/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("says which port it could not have", async () => {
    const port = Number(new URL(view.url).port);
    await expect(serveLive(port, follow)).rejects.toMatchObject({
      code: "NO_LIVE_VIEW",
      message: expect.stringContaining(String(port)),
    });
  });
});
