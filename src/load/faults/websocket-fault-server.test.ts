import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { WebsocketFaultServer } from "./websocket-fault-server.ts";

let server: WebsocketFaultServer;
beforeEach(async () => {
  server = await WebsocketFaultServer.start();
});
afterEach(() => server.stop());

it("neither answers nor faults what comes after its close frame", async () => {
  const client = new WebSocket(server.url);
  const answers: string[] = [];
  client.on("message", (data) => answers.push(String(data)));
  await once(client, "open");
  for (let number = 1; number <= 8; number++) client.send(`m${number}`);
  await once(client, "close");
  const { ok, faulted, raced } = server.truth();
  expect(answers).toEqual(["m1", "m2", "m3", "m4", "m5"]);
  expect(ok.map((name) => name.slice(0, 2))).toEqual(answers);
  expect(faulted).toEqual([]);
  expect(raced).toHaveLength(3);
});
