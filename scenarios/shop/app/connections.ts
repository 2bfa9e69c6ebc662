import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A client may be writing on an idle connection at any moment, so it is closed only after this silence. */
const SILENCE_MS = 3_000;

/** New connections keep coming until every node has learned that this pod is leaving. */
const QUIET_MS = 500;

/**
 * The open connections, and how to get rid of them without cutting a request.
 *
 *   idle ⇄ busy ──► draining: each answer says "Connection: close" ──► closed
 *                             who asks nothing for 3 s is closed unasked
 */
export class Connections {
  readonly #open = new Map<Socket, State>();
  #draining = false;
  #lastOpenedAtMs = performance.now();

  constructor(server: Server) {
    server.on("connection", (socket) => {
      this.#lastOpenedAtMs = performance.now();
      const state: State = {};
      this.#open.set(socket, state);
      this.#closeWhenSilent(socket, state);
      socket.once("close", () => {
        clearTimeout(state.silence);
        this.#open.delete(socket);
      });
    });
  }

  /** Whether clients are being told to go elsewhere. */
  get draining(): boolean {
    return this.#draining;
  }

  get counts(): { readonly open: number; readonly inFlight: number } {
    const busy = [...this.#open.values()].filter(({ response }) => response !== undefined);
    return { open: this.#open.size, inFlight: busy.length };
  }

  /** To be called for every request when it arrives. */
  serve(socket: Socket, response: ServerResponse): void {
    const state = this.#open.get(socket);
    if (state === undefined) return;
    state.response = response;
    clearTimeout(state.silence);
    if (this.#draining) response.setHeader("connection", "close");
    response.once("close", () => {
      delete state.response;
      this.#closeWhenSilent(socket, state);
    });
  }

  startDraining(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (const [socket, state] of this.#open) {
      if (state.response?.headersSent === false) state.response.setHeader("connection", "close");
      this.#closeWhenSilent(socket, state);
    }
  }

  /** Resolves when no connection is left and none was opened lately. */
  async drained(): Promise<void> {
    for (;;) {
      const [socket] = this.#open.keys();
      const quietInMs = this.#lastOpenedAtMs + QUIET_MS - performance.now();
      if (socket !== undefined) await new Promise((resolve) => socket.once("close", resolve));
      else if (quietInMs > 0) await sleep(quietInMs);
      else return;
    }
  }

  #closeWhenSilent(socket: Socket, state: State): void {
    if (!this.#draining || state.response !== undefined || socket.destroyed) return;
    state.silence = setTimeout(() => socket.destroy(), SILENCE_MS);
  }
}

/** `response` is there while a request is in flight, `silence` while the connection is to be closed. */
interface State {
  response?: ServerResponse;
  silence?: NodeJS.Timeout;
}
