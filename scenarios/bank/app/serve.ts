import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { hostname } from "node:os";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { audit } from "./audit.ts";
import type { Bank, Transfer } from "./bank.ts";
import type { Mailer } from "./mailer.ts";

/** After SIGTERM requests keep coming until every node has learned that this pod is leaving. */
const SERVE_ON_MS = 2_000;

/**
 * Serves the bank until SIGTERM, and then lets everything come to its end. No preStop hook is needed:
 *
 *   SIGTERM ──► serve on, and say "Connection: close" ──► close the listener ──► last answer ──► mailer ──► exit 0
 */
export async function serveBank(bank: Bank, mailer: Mailer): Promise<void> {
  const { HOST = "0.0.0.0", PORT = "8080", POD_NAME = hostname() } = process.env;
  let leaving = false;
  const server = createServer(async (request, response) => {
    response.setHeader("x-pod", POD_NAME);
    if (leaving) response.setHeader("connection", "close");
    await route(bank, request, response).catch((error: unknown) => {
      log("failed", { url: request.url, error: String(error) });
      answer(response, 500, { error: String(error) });
    });
  });
  // Before it listens, so that a pod deleted while it starts leaves in order too.
  process.once("SIGTERM", async () => {
    log("sigterm");
    leaving = true;
    await sleep(SERVE_ON_MS);
    server.close();
    await once(server, "close");
    await mailer.stop();
    bank.database.close();
    log("exit");
  });
  server.listen(Number(PORT), HOST);
  await once(server, "listening");
  log("listening", { address: server.address() });
}

async function route(bank: Bank, request: IncomingMessage, response: ServerResponse) {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://bank");
  switch (`${request.method} ${pathname}`) {
    case "POST /transfers": {
      const key = String(request.headers["idempotency-key"]);
      const transfer = (await json(request)) as Transfer; // a sample trusts its client
      const done = bank.transfer(key, transfer);
      return answer(response, done ? 201 : 200, { key });
    }
    case "GET /statement": // long, so that some are under way when a pod is told to stop
      await sleep(Number(searchParams.get("ms") ?? 0));
      return answer(response, 200, { statement: "fine" });
    case "GET /audit":
      return answer(response, 200, audit(bank, searchParams.get("prefix") ?? ""));
    case "GET /":
    case "GET /readyz":
      return answer(response, 200, { bank: "open" });
    default:
      return answer(response, 404, { error: `no route ${request.method} ${pathname}` });
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

function log(event: string, facts: object = {}): void {
  process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
}
