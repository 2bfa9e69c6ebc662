import type { AuditCheck } from "./audit-check.ts";
import type { AuditSource } from "./audit-source.ts";

/** The load of a scenario: streams that run side by side and are never merged. */
export type LoadStream = HttpStream | TransactionStream | WebsocketStream;

/** `reused` keeps connections open, as most clients do; `fresh` opens one per request. */
export interface HttpStream {
  readonly type: "reused" | "fresh";
  readonly name: string;
  readonly arrival: ArrivalRate;
  readonly request: RequestTemplate;
  /** How many may be open at once. Reused connections are taken round-robin, at least 8 per replica. */
  readonly connections: number;
  readonly timeouts: Timeouts;
  readonly expect: Expectation;
  /** How long the workload takes to answer on purpose; the end of the load has to wait for it. */
  readonly takesMs?: number;
}

/** Runs the steps of one transaction after another, each on a kept connection of its own. */
export interface TransactionStream {
  readonly type: "transactions";
  readonly name: string;
  readonly arrival: ArrivalRate;
  readonly steps: readonly TransactionStepTemplate[];
  readonly audit: AuditSource;
  /** The effects that a committed transaction has exactly once. */
  readonly effects: readonly string[];
  /** Rules for the rest of the workload's data, read at the same moment. */
  readonly checks?: readonly AuditCheck[];
  readonly connections: number;
  readonly timeouts: Timeouts;
  readonly expect: Expectation;
}

/** Holds all its connections open and sends messages over them in turn; each is to be answered. */
export interface WebsocketStream {
  readonly type: "websocket";
  readonly name: string;
  /** Of the messages. */
  readonly arrival: ArrivalRate;
  readonly path: string;
  /** Of the opening request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Holds `{{key}}`: the message that brings that back is its answer. */
  readonly message: string;
  readonly connections: number;
  /** `headersMs` is the wait for an answer. */
  readonly timeouts: Timeouts;
}

/** How long the slowest answers of a load take on purpose: what everybody who ends it has to wait. */
export function slowestAnswerMs(load: readonly LoadStream[]): number {
  const takes = load.map((stream) => ("takesMs" in stream ? (stream.takesMs ?? 0) : 0));
  return Math.max(0, ...takes);
}

/** Open model: requests are offered at this rate whether or not earlier ones were answered. */
export type ArrivalRate =
  | { readonly type: "constant"; readonly perSecond: number }
  | RampingRate
  | PoissonRate;

/** Rises or falls evenly from one rate to the other, and then stays there. */
export interface RampingRate {
  readonly type: "ramp";
  readonly fromPerSecond: number;
  /** The rate at the end of the ramp and ever after. */
  readonly perSecond: number;
  readonly rampMs: number;
}

/** Independent arrivals with this mean, as of many users who do not know each other; the same seed gives the same moments. */
export interface PoissonRate {
  readonly type: "poisson";
  readonly perSecond: number;
  readonly seed: number;
}

/** `{{key}}` in path, header or body is replaced by the request's own key; `{{seq}}` by its number. */
export interface RequestTemplate {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A step gets the cookies that earlier answers of its transaction set. */
export interface TransactionStepTemplate extends RequestTemplate {
  readonly name: string;
  /** How long the user thinks before this step; the step is due after it. */
  readonly thinkMs?: number;
  /** Instead of the stream's own. */
  readonly expect?: Expectation;
}

/** Each counts from the end of the one before: connecting, the headers, the body. The first that runs out fails the exchange. */
export interface Timeouts {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
}

/** An answer outside of this is an error, however complete it is. */
export interface Expectation {
  readonly statusMin: number;
  readonly statusMax: number;
  readonly bodyIncludes?: string;
  /** The body is JSON and holds this value at this path of member names. */
  readonly bodyJson?: {
    readonly path: readonly string[];
    readonly equals: string | number | boolean | null;
  };
}
