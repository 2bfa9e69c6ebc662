import type { FailureMark } from "#domain/report.ts";
import type { Leaving } from "./leaving.ts";

/** One failed request with its kind and the pod that it met, as far as either can be told. */
export interface Failure {
  readonly mark: FailureMark;
  readonly kind: FailureKind;
  readonly sentAtMs: number;
  readonly endedAtMs: number;
  /** The leaving pod that it met, or most likely met. */
  readonly leaving?: Leaving;
  /** A pod that was new and ready, and had not begun to answer: the other one that it may have met. */
  readonly startingPod?: string;
}

/**
 * What happened, as a shutdown sees it:
 *
 *   refused       a new connection that nobody took, also where a proxy said so
 *   nobody-ready  the same, when no endpoint was ready at all
 *   cut           somebody had taken the request, and its connection ended before the answer began
 *   kept-lost     sent on a kept connection that was being closed
 *   mid-response  the answer had begun and did not end
 *   error-answer  a complete answer, and a bad one
 *   silent        no answer within the time-out
 */
export type FailureKind =
  | "refused"
  | "nobody-ready"
  | "cut"
  | "kept-lost"
  | "mid-response"
  | "error-answer"
  | "silent"
  | "other";

/** A refusal through a proxy is a reset at once; a request that lived longer had been taken by somebody. */
const REFUSED_WITHIN_MS = 100;

/** The answers by which a proxy says that it reached nobody. */
const GATEWAY_STATUS = new Set([502, 503, 504]);

/** `podsNameThemselves`: then an answer without a name comes from somebody in front of the pods. */
export function kindOf(mark: FailureMark, podsNameThemselves: boolean): FailureKind {
  switch (mark.reason) {
    case "connect-refused":
    case "connect-timeout":
    case "no-route":
      return "refused";
    case "reset-before-response":
    case "closed-before-response":
      return wasRefused(mark) ? "refused" : "cut";
    case "closed-after-idle":
      return "kept-lost";
    case "closed-in-headers":
    case "truncated-body":
    case "reset-in-body":
      return "mid-response";
    case "headers-timeout":
    case "body-timeout":
      return "silent";
    case "server-error":
    case "server-error-and-close":
    case "unexpected-answer":
      return isGatewayAnswer(mark) && podsNameThemselves ? "refused" : "error-answer";
    default:
      return "other";
  }
}

function wasRefused({ exchange, refused }: FailureMark): boolean {
  // What was not refused may have waited in the queue of a listener that closed: the time has to tell.
  if (refused === true) return true;
  if (exchange?.connection !== "new") return false;
  const sinceMs = exchange.connectedAtMs ?? exchange.sentAtMs;
  return exchange.endedAtMs - sinceMs < REFUSED_WITHIN_MS;
}

function isGatewayAnswer({ attribution, status }: FailureMark): boolean {
  return attribution !== "proven" && status !== undefined && GATEWAY_STATUS.has(status);
}
