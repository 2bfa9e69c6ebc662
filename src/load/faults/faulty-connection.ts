import type { Socket } from "node:net";
import type { FaultTruth, RequestName } from "./fault-truth.ts";
import {
  FAULTS,
  type Fault,
  type FaultSettings,
  type FaultyAnswer,
  faultyAnswer,
  healthyAnswer,
} from "./faults.ts";

/** What a connection knows of its server. */
interface FaultyConnectionOwner {
  readonly pod: string;
  readonly truth: FaultTruth;
  settings(): FaultSettings;
  /** How long the answer to a request that comes now is held back. */
  heldMs(): number;
  /** Ends the connection with a RST. */
  reset(): void;
}

/** Where the workload's ledger is read; never faulted. */
const LEDGER_PATH = "/ledger";
/** `/fault/<name>/<n>`: every n-th request for this path. */
const ASKED_FAULT = /^\/fault\/([a-z-]+)\/(\d+)$/;
const HEAD = /^\S+ (\S+) HTTP\/1\.1\r\n[\s\S]*?\r\n\r\n/;

/** One accepted connection of the fault server. */
export class FaultyConnection {
  readonly #socket: Socket;
  readonly #owner: FaultyConnectionOwner;
  #received = "";
  #isEnding = false;
  /** The next request on this connection meets its end, however healthy the last answer was. */
  #doomed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, owner: FaultyConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => this.#read(text));
    socket.on("end", () => socket.end());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => clearTimeout(this.#timer));
    if (this.#due(owner.truth.connected()) === "closed-at-accept") this.#end("fin");
  }

  #read(text: string): void {
    this.#received += text;
    for (;;) {
      const [head, path] = HEAD.exec(this.#received) ?? [];
      if (head === undefined || path === undefined) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (this.#received.length < head.length + length) return;
      this.#received = this.#received.slice(head.length + length);
      const key = /\r\nx-request-id: ([^\r]+)/i.exec(head)?.[1] ?? this.#owner.truth.nextKey();
      this.#take({ key, path }, /\r\nconnection: close\r/i.test(head));
    }
  }

  #take(request: RequestName, closing: boolean): void {
    const { truth, pod, heldMs } = this.#owner;
    if (request.path === LEDGER_PATH) {
      this.#tellLedger();
      return;
    }
    const number = truth.came(request);
    if (this.#isEnding) {
      truth.raced(request);
      return;
    }
    const due = this.#asked(request) ?? this.#due(number);
    const fault = this.#doomed ? "closed-as-client-writes" : inTheAnswer(due);
    const answer =
      fault === "none" ? healthyAnswer(pod, closing) : faultyAnswer(fault, pod, closing);
    if (!answer.complete) truth.faulted(request, fault);
    this.#doomed = due === "closed-as-client-writes" && !closing;
    const delayMs = heldMs();
    if (delayMs <= 0) this.#answer(request, answer);
    else this.#timer = setTimeout(() => this.#answer(request, answer), delayMs);
  }

  /** A path may ask for its own fault, so that many can be tried at once. */
  #asked({ path }: RequestName): Fault | undefined {
    const [, name, every] = ASKED_FAULT.exec(path) ?? [];
    const fault = FAULTS.find((each) => each === name);
    if (fault === undefined) return undefined;
    return this.#owner.truth.countOf(path) % Number(every) === 0 ? fault : "none";
  }

  /** What is to happen to the n-th request or connection, counted over the whole server. */
  #due(number: number): Fault {
    const { faults, every } = this.#owner.settings();
    if (number % every !== 0) return "none";
    return faults[(number / every) % faults.length] ?? "none";
  }

  #answer(request: RequestName, answer: FaultyAnswer): void {
    if (!this.#socket.writable) return;
    if (answer.complete) this.#owner.truth.answered(request);
    if (answer.text !== "") this.#socket.write(answer.text, "latin1");
    const { ending } = answer;
    if (ending === "stay" || ending === "leave-open") return;
    // Whatever comes until then has met a connection that was being closed, too.
    this.#isEnding = true;
    if (answer.afterMs === 0) this.#end(ending);
    else this.#timer = setTimeout(() => this.#end(ending), answer.afterMs);
  }

  #end(how: "fin" | "rst"): void {
    this.#isEnding = true;
    // After a FIN we still read: what comes now has met a connection that was being closed.
    if (how === "fin") this.#socket.end();
    else this.#owner.reset();
  }

  #tellLedger(): void {
    const body = JSON.stringify({ transactions: this.#owner.truth.ledger() });
    this.#socket.end(
      `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
}

/** Two faults are no part of an answer: they meet a connection before its next request. */
function inTheAnswer(fault: Fault): Fault {
  return fault === "closed-as-client-writes" || fault === "closed-at-accept" ? "none" : fault;
}
