/**
 * What a server does wrong to every n-th request, as terminations do it. `answered-…` and `…-close` give
 * a complete answer; every other fault leaves the request without one, or with an error.
 */
export const FAULTS = [
  "none",
  "no-answer-fin",
  "no-answer-rst",
  "mid-head-fin",
  "mid-body-fin",
  "mid-body-rst",
  "mid-chunk-fin",
  "mid-chunk-rst",
  "answered-then-fin",
  "answered-then-rst",
  "body-cut-short",
  "length-too-long",
  "half-body-left-open",
  "unavailable",
  "unavailable-close",
  "silence",
  "announced-close",
  "answered-twice",
  "closed-as-client-writes",
  "closed-at-accept",
  "not-http",
] as const;

/** One way to spoil an answer or a connection; each has its own truth for the client. */
export type Fault = (typeof FAULTS)[number];

/** What the fault server does from now on. */
export interface FaultSettings {
  /** Taken in turn. */
  readonly faults: readonly Fault[];
  /** Every n-th request is faulted, or every n-th connection if the fault is at the accept. */
  readonly every: number;
  /** How long an answer takes. */
  readonly delayMs: number;
}

/** The bytes that a fault puts on the wire, and what happens to the connection after them. */
export interface FaultyAnswer {
  readonly text: string;
  readonly ending: "stay" | "leave-open" | "fin" | "rst";
  /** The connection ends so much later than the bytes go out. */
  readonly afterMs: number;
  /** The bytes are all of a 200, so that the client must count it as one. */
  readonly complete: boolean;
}

/** A reset overtakes bytes that are still in our own buffers, so these get a moment to leave. */
const BEFORE_RESET_MS = 3;
/** The client has the answer and the connection idles when it ends. */
const IDLE_MS = 3;
const BODY = "x".repeat(100);

/** A healthy answer; it announces the close that the client asked for. */
export function healthyAnswer(pod: string, closing: boolean): FaultyAnswer {
  const text = sized({ pod, closing });
  return { text, ending: closing ? "fin" : "stay", afterMs: 0, complete: true };
}

/** What goes on the wire instead of a healthy answer. */
export function faultyAnswer(fault: Fault, pod: string, closing: boolean): FaultyAnswer {
  const healthy = healthyAnswer(pod, closing);
  const cut = (text: string, ending: FaultyAnswer["ending"]): FaultyAnswer => ({
    text,
    ending,
    afterMs: ending === "rst" && text !== "" ? BEFORE_RESET_MS : 0,
    complete: false,
  });
  switch (fault) {
    case "none":
      return healthy;
    case "no-answer-fin":
    case "closed-as-client-writes":
    case "closed-at-accept":
      return cut("", "fin");
    case "no-answer-rst":
      return cut("", "rst");
    case "silence":
      return cut("", "leave-open");
    case "mid-head-fin":
      return cut(healthy.text.slice(0, 30), "fin");
    case "mid-body-fin":
      return cut(healthy.text.slice(0, -50), "fin");
    case "mid-body-rst":
      return cut(healthy.text.slice(0, -50), "rst");
    case "mid-chunk-fin":
      return cut(halfChunk(pod), "fin");
    case "mid-chunk-rst":
      return cut(halfChunk(pod), "rst");
    case "half-body-left-open":
      return cut(healthy.text.slice(0, -50), "leave-open");
    case "body-cut-short":
      return cut(healthy.text.slice(0, -20), "fin");
    case "length-too-long":
      return cut(sized({ pod, closing, length: BODY.length + 5_000 }), "fin");
    case "unavailable":
      return { ...cut(sized({ pod, closing, status: 503 }), "stay"), ending: healthy.ending };
    case "unavailable-close":
      return cut(sized({ pod, closing: true, status: 503 }), "fin");
    case "announced-close":
      return healthyAnswer(pod, true);
    case "answered-twice":
      return { ...healthy, text: healthy.text + healthy.text };
    case "answered-then-fin":
      return { ...healthy, ending: "fin", afterMs: IDLE_MS };
    case "answered-then-rst":
      return { ...healthy, ending: "rst", afterMs: IDLE_MS };
    case "not-http":
      return cut("ERR unknown command\r\n\r\n", "fin");
  }
}

function sized(answer: {
  readonly pod: string;
  readonly closing: boolean;
  readonly status?: number;
  readonly length?: number;
}): string {
  const status = answer.status ?? 200;
  const reason = status === 200 ? "OK" : "Service Unavailable";
  const close = answer.closing ? "Connection: close\r\n" : "";
  const length = answer.length ?? BODY.length;
  return `HTTP/1.1 ${status} ${reason}\r\nX-Pod: ${answer.pod}\r\nContent-Length: ${length}\r\n${close}\r\n${BODY}`;
}

function halfChunk(pod: string): string {
  const head = `HTTP/1.1 200 OK\r\nX-Pod: ${pod}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  return `${head}${BODY.length.toString(16)}\r\n${BODY.slice(0, 50)}`;
}
