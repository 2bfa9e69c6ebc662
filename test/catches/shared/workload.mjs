import { once } from "node:events";
import { createServer } from "node:http";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/*
 * A small workload that does everything right. What a catch does wrong stands in its own program, and
 * nowhere else; so one fault is what each of them has.
 */

/** New connections keep coming until every node has learned that this pod is leaving. */
const QUIET_MS = 400;

/** A kept connection that asks nothing for so long after SIGTERM is closed unasked. */
const SILENT_MS = 1_500;

const ROUTES = {
  "/": ({ response }) => answer(response, 200, { open: true }),
  "/slow": async ({ response, url }) => {
    await sleep(Number(url.searchParams.get("ms")));
    answer(response, 200, { slow: true });
  },
  "/readyz": ({ response }) => answer(response, 200, { ready: true }),
};

/** Answers with one JSON document, whose length is stated so that a cut answer can be told. */
export function answer(response, status, body) {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** Writes one JSON line to stdout, which is what a cluster collects. */
export function log(event, facts = {}) {
  process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
}

/** What the program does when it is told to stop; a second SIGTERM changes nothing. */
export function onSigterm(act) {
  process.once("SIGTERM", () => {
    process.on("SIGTERM", () => {});
    log("sigterm");
    act();
  });
}

/** Listens where the cluster says, and names its pod in every answer. `routes` come before its own. */
export async function startWorkload({ routes = {}, keepAliveMs = 60_000 } = {}) {
  const { HOST = "0.0.0.0", HOSTNAME = hostname(), PORT = "8080" } = process.env;
  const server = createServer({ keepAliveTimeout: keepAliveMs });
  server.keepAliveTimeoutBuffer = 0;
  const workload = new Workload(server);
  server.on("request", async (request, response) => {
    response.setHeader("x-pod", HOSTNAME);
    workload.serve(request.socket, response);
    const url = new URL(request.url ?? "/", "http://workload");
    const route = routes[url.pathname] ?? ROUTES[url.pathname];
    if (route === undefined) answer(response, 404, { error: `no route ${url.pathname}` });
    else await route({ request, response, url });
  });
  server.listen(Number(PORT), HOST);
  await once(server, "listening");
  log("listening", { address: server.address() });
  return workload;
}

/** The server with its open connections, and the right way out. */
class Workload {
  /** Each open connection with the answer that is under way on it. */
  #open = new Map();
  #lastOpenedAtMs = performance.now();

  constructor(server) {
    this.server = server;
    this.draining = false;
    server.on("connection", (socket) => {
      this.#lastOpenedAtMs = performance.now();
      this.#open.set(socket, undefined);
      socket.once("close", () => this.#open.delete(socket));
    });
  }

  get answers() {
    return [...this.#open.values()].filter((response) => response !== undefined);
  }

  serve(socket, response) {
    this.#open.set(socket, response);
    if (this.draining) response.setHeader("connection", "close");
    response.once("close", () => {
      if (this.#open.has(socket)) this.#open.set(socket, undefined);
    });
  }

  /** Goes on serving, tells each client to go elsewhere, and ends when the last one has gone. */
  async leave() {
    await this.drained();
    this.server.close();
    log("exit");
  }

  async drained() {
    this.draining = true;
    for (const response of this.answers)
      if (!response.headersSent) response.setHeader("connection", "close");
    const silence = setTimeout(() => this.server.closeIdleConnections(), SILENT_MS);
    for (;;) {
      const [socket] = this.#open.keys();
      const quietInMs = this.#lastOpenedAtMs + QUIET_MS - performance.now();
      if (socket !== undefined) await new Promise((resolve) => socket.once("close", resolve));
      else if (quietInMs > 0) await sleep(quietInMs);
      else break;
    }
    clearTimeout(silence);
  }
}
