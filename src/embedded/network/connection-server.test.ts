import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ConnectionLog } from "./connection-log.ts";
import { CONNECTIONS_PORT, ConnectionServer } from "./connection-server.ts";

const address = `127.96.${1 + (process.pid % 250)}.1`;
const led = { client: "127.0.0.1:40000", to: "127.7.0.11:30080", backend: "127.7.2.4:8080" };

let log: ConnectionLog;
let server: ConnectionServer | undefined;
beforeEach(async () => {
  log = new ConnectionLog();
  const isOwn = ({ to }: { to: string }) => to === led.to;
  server = await ConnectionServer.start({ address, log, isOwn });
});
afterEach(async () => {
  await server?.stop();
});

async function ask(path = "/connections"): Promise<IncomingMessage> {
  const request = get({ host: address, port: CONNECTIONS_PORT, path, agent: false });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  return answer.setEncoding("utf8");
}

it("goes on telling of its own node's connections, and ends when one was missed", async () => {
  const answer = await ask();
  log.report({ ...led, to: "127.7.0.12:30080" });
  log.report(led);
  expect(await once(answer, "data")).toEqual([`${JSON.stringify(led)}\n`]);
  log.interrupt();
  await once(answer, "end");
  expect((await ask()).statusCode).toBe(200);
});

it("tells what it knows before it ends", async () => {
  const answer = await ask();
  log.report(led);
  log.interrupt();
  expect(await once(answer, "data")).toEqual([`${JSON.stringify(led)}\n`]);
});

it("says why there is nothing to tell", async () => {
  log.end("conntrack: not found");
  const answer = await ask();
  expect(answer.statusCode).toBe(503);
  expect(await once(answer, "data")).toEqual(["conntrack: not found"]);
  expect((await ask("/other")).statusCode).toBe(404);
});

it("leaves a port to whoever has it", async () => {
  const second = await ConnectionServer.start({ address, log, isOwn: () => true });
  expect(second).toBeUndefined();
});
