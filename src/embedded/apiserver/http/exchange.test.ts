import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, it } from "vitest";
import { warn } from "./exchange.ts";

it("sends warnings in any script as UTF-8, and without what no header may hold", () => {
  const socket = new Socket();
  const response = new ServerResponse(new IncomingMessage(socket));
  warn(response, ["veraltet \u2013 \u8acb\u6539\u7528 v2\x7f"]);
  const header = Buffer.from(String(response.getHeader("warning")), "latin1").toString();
  expect(header).toBe('299 - "veraltet \u2013 \u8acb\u6539\u7528 v2"');
  socket.destroy();
});
