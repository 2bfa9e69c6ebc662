import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { basename, dirname, join } from "node:path";
import { HarnessError, messageOf } from "#domain/errors.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { Progress } from "#ports/progress.ts";
import { LiveRun } from "./live-run.ts";
import { renderLivePage, renderRuns } from "./render-live.ts";

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

/** Serves the page on this port of loopback (0: a free one) until it is stopped; the runs do not wait for whoever looks. */
export async function serveLive(port: number): Promise<LiveView> {
  const view = new View();
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
      view.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
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
  readonly #runs: LiveRun[] = [];
  readonly #readers = new Set<ServerResponse>();
  readonly #reports = new Map<string, string>();
  #drawing: NodeJS.Timeout | undefined;

  follow(scenario: string): FollowedRun {
    const run = new LiveRun(scenario, () => this.#drawSoon());
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

  end(): void {
    clearTimeout(this.#drawing);
    for (const reader of this.#readers) {
      reader.write(this.#runsEvent());
      reader.end("event: end\ndata: \n\n");
    }
  }

  #subscribe(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(this.#runsEvent());
    this.#readers.add(response);
    response.on("close", () => this.#readers.delete(response));
  }

  #drawSoon(): void {
    if (this.#readers.size === 0) return;
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      const event = this.#runsEvent();
      for (const reader of this.#readers) {
        // Each drawing is whole, so one who reads slowly misses some, and this process keeps none for them.
        if (!reader.writableNeedDrain) reader.write(event);
      }
    }, DRAW_EVERY_MS).unref();
  }

  #runsEvent(): string {
    return `event: runs\ndata: ${JSON.stringify(renderRuns(this.#runs))}\n\n`;
  }
}

/** Whoever has deleted the folder meanwhile has a page that says so, and the runs go on. */
async function sendReport(file: string, response: ServerResponse): Promise<void> {
  const page = await readFile(file).catch(() => undefined);
  if (page === undefined) response.writeHead(404).end(`There is no report in ${file} any more.\n`);
  else response.writeHead(200, HTML).end(page);
}

const HTML = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
