import type { Socket } from "node:net";
import type { FaultTruth, RequestName } from "./fault-truth.ts";
import {
  type Fault,
  type FaultSettings,
  type FaultyAnswer,
  faultyAnswer,
  healthyAnswer,
} from "./faults.ts";

/** What a connection knows of its server. */
export interface FaultyConnectionOwner {
  readonly pod: string;
  readonly truth: FaultTruth;
  settings(): FaultSettings;
  /** How long the answer to a request that comes now is held back. */
  heldMs(): number;
}

/** Where the workload's ledger is read; never faulted. */
const LEDGER_PATH = "/ledger";
const HEAD = /^\S+ (\S+) HTTP\/1\.1\r\n[\s\S]*?\r\n\r\n/;

/** One accepted connection of the fault server. */
export class FaultyConnection {
  readonly #socket: Socket;
  readonly #owner: FaultyConnectionOwner;
  #received = "";
  #ended = false;
  /** The next request on this connection meets its end, however healthy the last answer was. */
  #doomed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, owner: FaultyConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    const { fault, every } = owner.settings();
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => this.#read(text));
    socket.on("end", () => socket.end());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => clearTimeout(this.#timer));
    const number = owner.truth.connected();
    if (fault === "closed-at-accept" && number % every === 0) this.#end("fin");
  }

  #read(text: string): void {
    this.#received += text;
    for (;;) {
      const [head, path] = HEAD.exec(this.#received) ?? [];
      if (head === undefined || path === undefined) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (this.#received.length < head.length + length) return;
      this.#received = this.#received.slice(head.length + length);
      const key = /\r\nx-request-id: ([^\r]+)/i.exec(head)?.[1] ?? "";
      this.#take({ key, path }, /\r\nconnection: close\r/i.test(head));
    }
  }

  #take(request: RequestName, closing: boolean): void {
    const { truth, pod, settings, heldMs } = this.#owner;
    if (request.path === LEDGER_PATH) {
      this.#tellLedger();
      return;
    }
    const number = truth.came(request);
    if (this.#ended) {
      truth.raced(request);
      return;
    }
    const fault = this.#faultOf(number);
    const answer =
      fault === "none" ? healthyAnswer(pod, closing) : faultyAnswer(fault, pod, closing);
    if (!answer.complete) truth.faulted(request, fault);
    const delayMs = heldMs();
    if (delayMs <= 0) this.#answer(request, answer);
    else this.#timer = setTimeout(() => this.#answer(request, answer), delayMs);
    if (settings().fault === "closed-as-client-writes" && number % settings().every === 0)
      this.#doomed = !closing;
  }

  /** What happens to the n-th request, counted over the whole server. */
  #faultOf(number: number): Fault {
    const { fault, every } = this.#owner.settings();
    if (this.#doomed) return "closed-as-client-writes";
    const waits = fault === "closed-as-client-writes" || fault === "closed-at-accept";
    return !waits && number % every === 0 ? fault : "none";
  }

  #answer(request: RequestName, answer: FaultyAnswer): void {
    if (!this.#socket.writable) return;
    if (answer.complete) this.#owner.truth.answered(request);
    if (answer.text !== "") this.#socket.write(answer.text, "latin1");
    const { ending } = answer;
    if (ending === "stay" || ending === "leave-open") return;
    if (answer.afterMs === 0) this.#end(ending);
    else this.#timer = setTimeout(() => this.#end(ending), answer.afterMs);
  }

  #end(how: "fin" | "rst"): void {
    this.#ended = true;
    // After a FIN we still read: what comes now has met a connection that was being closed.
    if (how === "fin") this.#socket.end();
    else this.#socket.resetAndDestroy();
  }

  #tellLedger(): void {
    const body = JSON.stringify({ transactions: this.#owner.truth.ledger() });
    this.#socket.end(
      `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
}
