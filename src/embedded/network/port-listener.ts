import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

export interface ListenAddress {
  readonly address: string;
  readonly port: number;
}

export interface PortListenerOptions extends ListenAddress {
  readonly onConnection: (client: Socket) => void;
  readonly onFailure: (error: Error) => void;
}

/**
 * One address and port of a Service. Open, it accepts connections; closed, the kernel refuses them. Closing
 * ends no connection that was accepted before.
 */
export class PortListener {
  readonly #options: PortListenerOptions;
  #server: Server | undefined;
  #wanted = false;
  #changing: Promise<void> = Promise.resolve();

  constructor(options: PortListenerOptions) {
    this.#options = options;
  }

  open(): void {
    this.#want(true);
  }

  close(): void {
    this.#want(false);
  }

  /** Resolves when the last call of open or close has taken effect, or failed. */
  async settled(): Promise<void> {
    await this.#changing;
  }

  #want(open: boolean): void {
    this.#wanted = open;
    // One change at a time: a server that is still binding cannot be closed.
    this.#changing = this.#changing.then(() => this.#change());
  }

  async #change(): Promise<void> {
    if (this.#wanted && this.#server === undefined) await this.#listen();
    if (!this.#wanted && this.#server !== undefined) {
      this.#server.close();
      this.#server = undefined;
    }
  }

  async #listen(): Promise<void> {
    const { address, port, onConnection, onFailure } = this.#options;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
    try {
      server.listen({ host: address, port, backlog: 4096, exclusive: true });
      await once(server, "listening");
      server.on("error", onFailure);
      this.#server = server;
    } catch (error) {
      onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
