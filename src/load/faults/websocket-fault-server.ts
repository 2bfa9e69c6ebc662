import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { FaultTruth, type FaultTruthReport } from "./fault-truth.ts";
import type { Fault } from "./faults.ts";

const HOST = "127.0.0.1";

/** What it does to a message instead of answering it: the connection ends without a close frame. */
const FAULTS: readonly Fault[] = ["no-answer-fin", "no-answer-rst"];

/** Every so many messages are faulted, and as many are answered on a connection that is then closed in order. */
const EVERY = 7;
const CLOSES = 5;

/**
 * Sends each text back, but some, and keeps the truth: which were answered, and how many connections it cut.
 * A message is known by its whole text.
 */
export class WebsocketFaultServer {
  readonly #server: WebSocketServer;
  readonly #truth = new FaultTruth();

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (websocket, { socket }) => {
      websocket.on("message", (data) => this.#came(String(data), websocket, socket));
      websocket.on("error", () => websocket.terminate());
    });
  }

  static async start(): Promise<WebsocketFaultServer> {
    const server = new WebSocketServer({ host: HOST, port: 0 });
    await once(server, "listening");
    return new WebsocketFaultServer(server);
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // it listens on TCP
    return `http://${HOST}:${port}`;
  }

  truth(): FaultTruthReport {
    return this.#truth.report();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const websocket of this.#server.clients) websocket.terminate();
    await closed;
  }

  #came(key: string, websocket: WebSocket, socket: Socket): void {
    const message = { key, path: "" };
    const number = this.#truth.came(message);
    // Nothing is sent after a close frame either.
    if (socket.destroyed || socket.writableEnded || websocket.readyState !== WebSocket.OPEN) {
      this.#truth.raced(message);
      return;
    }
    if (number % EVERY === 0) {
      const fault = FAULTS[(number / EVERY) % FAULTS.length] ?? "no-answer-fin";
      this.#truth.faulted(message, fault);
      if (fault === "no-answer-fin") socket.end();
      else socket.resetAndDestroy();
      return;
    }
    this.#truth.answered(message);
    websocket.send(key);
    if (number % EVERY === CLOSES) websocket.close(1001);
  }
}
