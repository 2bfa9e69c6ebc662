import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { basename, dirname, join } from "node:path";
import { HarnessError, messageOf } from "#domain/errors.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { Progress } from "#ports/progress.ts";
import type { FollowRun } from "#ports/run-follower.ts";
import { changesBetween, type Drawing } from "./drawing.ts";
import { LiveRun } from "./live-run.ts";
import { drawRuns, renderLivePage } from "./render-live.ts";

/** A page in the browser that follows the runs of this process. */
export interface LiveView {
  /** Of this machine only. */
  readonly url: string;
  /** One more run on the page. */
  follow(scenario: string): FollowedRun;
  stop(): Promise<void>;
}

/** One run on the page, from its first phase to its report. */
export interface FollowedRun {
  readonly progress: Progress;
  /** Shows the verdict, and links to the report in this folder. */
  finish(report: {
    readonly verdict: Verdict;
    readonly headline: string;
    readonly directory: string;
  }): void;
}

/** Several reports come each second; a page that is drawn four times in one reads as well as the eye does. */
const DRAW_EVERY_MS = 250;

/** How many times as long as the last drawing took the next one has to wait: a tenth of a processor is enough. */
const PAUSE_TIMES_COST = 9;

/** So long an open page has at the end to fetch the reports that it links to. */
const FAREWELL_MS = 2_000;

/** Serves the page on this port of loopback (0: a free one) until it is stopped. */
export async function serveLive(port: number, followRun: FollowRun): Promise<LiveView> {
  const view = new View(followRun);
  const server = createServer((request, response) => view.answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(cannotServe(port, cause)));
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new TypeError("A server on TCP has a port.");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    follow: (scenario) => view.follow(scenario),
    stop: async () => {
      await view.end();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections(); // whoever has not left by now has had its time
      await closed;
    },
  };
}

function cannotServe(port: number, cause: unknown): HarnessError {
  const message = `Could not serve the live view on port ${port}: ${messageOf(cause)}.`;
  return new HarnessError("NO_LIVE_VIEW", message, {
    hint: "Give another port, or leave it out: --ui takes a free one.",
    cause,
  });
}

class View {
  readonly #followRun: FollowRun;
  readonly #runs: LiveRun[] = [];
  /** And the drawing that each has seen. */
  readonly #readers = new Map<ServerResponse, Drawing | undefined>();
  #left = () => undefined as unknown;
  #pauseMs = DRAW_EVERY_MS;
  readonly #reports = new Map<string, string>();
  #drawing: NodeJS.Timeout | undefined;

  constructor(followRun: FollowRun) {
    this.#followRun = followRun;
  }

  follow(scenario: string): FollowedRun {
    const run = new LiveRun(scenario, this.#followRun, () => this.#drawSoon());
    this.#runs.at(-1)?.forget();
    this.#runs.push(run);
    return {
      progress: run,
      finish: ({ verdict, headline, directory }) => {
        const link = `/reports/${encodeURIComponent(basename(directory))}`;
        this.#reports.set(link, join(dirname(directory), basename(directory), "report.html"));
        run.finish({ verdict, headline, link });
      },
    };
  }

  answer({ url, headers }: IncomingMessage, response: ServerResponse): void {
    // A page of another site could make a name of its own lead here, and read along.
    if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(headers.host ?? "")) {
      response.writeHead(403).end("This page is for this machine only.\n");
      return;
    }
    const report = this.#reports.get(url ?? "");
    if (url === "/") response.writeHead(200, HTML).end(renderLivePage());
    else if (url === "/events") this.#subscribe(response);
    else if (report !== undefined) void sendReport(report, response);
    else response.writeHead(404).end("There is nothing here.\n");
  }

  /** Tells the pages that all is over, and waits for them to leave. */
  async end(): Promise<void> {
    this.#draw(true);
    clearTimeout(this.#drawing);
    for (const run of this.#runs) run.close();
    for (const reader of this.#readers.keys()) reader.write("event: end\ndata: \n\n");
    if (this.#readers.size === 0) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, FAREWELL_MS);
      this.#left = () => {
        if (this.#readers.size > 0) return;
        clearTimeout(late);
        resolve();
      };
    });
    for (const reader of this.#readers.keys()) reader.end();
  }

  #subscribe(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    this.#readers.set(response, undefined);
    response.on("drain", () => this.#drawSoon());
    response.on("close", () => {
      this.#readers.delete(response);
      this.#left();
    });
    this.#draw();
  }

  #drawSoon(): void {
    if (this.#readers.size === 0) return; // nothing is read or drawn for nobody
    this.#drawing ??= setTimeout(() => this.#draw(), this.#pauseMs).unref();
  }

  /** The last drawing goes to everybody, and with it the link to the report. */
  #draw(isLast = false): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    const startedAtMs = performance.now();
    const drawing = drawRuns(this.#runs);
    let isNews = false;
    for (const [reader, seen] of this.#readers) {
      // Whoever reads slowly misses drawings, and this process keeps none for them.
      if (reader.writableNeedDrain && !isLast) continue;
      const changes = changesBetween(seen, drawing);
      if (changes !== undefined) reader.write(`event: drawing\ndata: ${changes}\n\n`);
      this.#readers.set(reader, drawing);
      isNews ||= changes !== undefined;
    }
    const tookMs = performance.now() - startedAtMs;
    this.#pauseMs = Math.max(DRAW_EVERY_MS, PAUSE_TIMES_COST * tookMs);
    // Of a run that is over nothing more is heard, though whoever came late has not read all of it yet.
    if (isNews && this.#runs.at(-1)?.outcome !== undefined) this.#drawSoon();
  }
}

/** Whoever has deleted the folder meanwhile has a page that says so, and the runs go on. */
async function sendReport(file: string, response: ServerResponse): Promise<void> {
  const page = await readFile(file).catch(() => undefined);
  if (page === undefined) response.writeHead(404).end(`There is no report in ${file} any more.\n`);
  else response.writeHead(200, HTML).end(page);
}

const HTML = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
