import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocketServer } from "ws";

/** So long is a message under way, so that some are when SIGTERM comes. */
const ANSWER_MS = 100;

/** Says of a connection that its client should go elsewhere: going away. */
const GOING_AWAY = 1001;

/** Brings every message back that comes to `/chat`, and names its pod in the opening answer. */
export function acceptWebsockets({ server }) {
  const { HOSTNAME = hostname() } = process.env;
  const websockets = new WebSocketServer({ server, path: "/chat" });
  const accepted = { clients: websockets.clients, draining: false };
  websockets.on("headers", (headers) => headers.push(`x-pod: ${HOSTNAME}`));
  websockets.on("connection", (websocket) => {
    let unanswered = 0;
    websocket.on("message", async (data) => {
      unanswered++;
      await sleep(ANSWER_MS);
      websocket.send(String(data));
      unanswered--;
      // Its client has just been answered, so no other message is likely to cross this on its way.
      if (accepted.draining && unanswered === 0) websocket.close(GOING_AWAY);
    });
  });
  return accepted;
}
