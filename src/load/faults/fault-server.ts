import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import { FaultTruth, type FaultTruthReport } from "./fault-truth.ts";
import type { FaultSettings } from "./faults.ts";
import { FaultyConnection } from "./faulty-connection.ts";

const HOST = "127.0.0.1";

/** What stays the same for as long as the server lives; its faults may change. */
export interface FaultServerOptions {
  /** What the answers say in `X-Pod`. */
  readonly pod: string;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/**
 * A server that does wrong on purpose and keeps the truth: which requests got a complete answer and which
 * did not. It speaks raw TCP, so that it can do what an HTTP library would not let it do.
 */
export class FaultServer {
  readonly #options: FaultServerOptions;
  readonly #truth = new FaultTruth();
  readonly #open = new Set<Socket>();
  #settings: FaultSettings = { faults: [], every: 1, delayMs: 0 };
  #stalledUntilMs = 0;
  #server: Server;

  private constructor(options: FaultServerOptions) {
    this.#options = options;
    this.#server = this.#create();
  }

  static async start(options: FaultServerOptions): Promise<FaultServer> {
    const server = new FaultServer(options);
    await server.#listen(0);
    return server;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // it listens on TCP
    return `${this.#options.tls === undefined ? "http" : "https"}://${HOST}:${port}`;
  }

  configure(settings: FaultSettings): void {
    this.#settings = settings;
  }

  /** Holds back every answer that would be given in the next `ms`. */
  stall(ms: number): void {
    this.#stalledUntilMs = performance.now() + ms;
  }

  /** Cuts all connections and refuses new ones for a while; fulfilled when it listens again. */
  async refuse(ms: number): Promise<void> {
    const { port } = this.#server.address() as AddressInfo; // it listens on TCP
    await this.stop();
    await sleep(ms);
    this.#server = this.#create();
    await this.#listen(port);
  }

  truth(): FaultTruthReport {
    return this.#truth.report();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #create(): Server {
    return createServer({ allowHalfOpen: true, noDelay: true }, (raw) => {
      this.#open.add(raw);
      raw.on("close", () => this.#open.delete(raw));
      new FaultyConnection(this.#secured(raw), {
        pod: this.#options.pod,
        truth: this.#truth,
        settings: () => this.#settings,
        heldMs: () => Math.max(this.#settings.delayMs, this.#stalledUntilMs - performance.now()),
        reset: () => raw.resetAndDestroy(),
      });
    });
  }

  /** A TLS socket cannot send a RST itself, so it is built over one that can. */
  #secured(raw: Socket): Socket {
    const { tls } = this.#options;
    if (tls === undefined) return raw;
    raw.on("error", () => raw.destroy());
    return new TLSSocket(raw, { ...tls, isServer: true });
  }

  async #listen(port: number): Promise<void> {
    this.#server.listen({ host: HOST, port, backlog: 1_024 });
    await once(this.#server, "listening");
  }
}
