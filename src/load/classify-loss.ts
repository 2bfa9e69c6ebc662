import type { FailureClass, Outcome } from "#domain/exchange.ts";

/** How far a request had come when its answer was lost. */
export type Stage = "connecting" | "sent" | "in-headers" | "in-body";

/** What ended it, as the socket or our own timers told it. */
export type LossCause =
  | { readonly type: "closed" }
  | { readonly type: "error"; readonly code: string }
  | { readonly type: "timeout" }
  | { readonly type: "malformed" }
  | { readonly type: "stopped" };

/** All that is known of a request whose complete answer never came. */
export interface Loss {
  readonly stage: Stage;
  readonly cause: LossCause;
  /** Sent on a connection that had answered before, and lost so soon that the close had come from idling. */
  readonly justAfterIdle: boolean;
  readonly status?: number;
}

/** Refusals of this machine, which say nothing about the workload. */
const GENERATOR_CODES = new Set([
  "EMFILE",
  "ENFILE",
  "EADDRNOTAVAIL",
  "EADDRINUSE",
  "ENOBUFS",
  "ENOMEM",
]);
const NO_ROUTE_CODES = new Set(["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EACCES"]);
const RESET_CODES = new Set(["ECONNRESET", "ECONNABORTED"]);
const DNS_CODES = new Set(["ENOTFOUND", "ENODATA", "EAI_AGAIN", "EAI_FAIL", "EAI_NONAME"]);

/** Whether an error code is the generator's own failure; it voids the run. */
export function isGeneratorFailure(cause: LossCause): boolean {
  return cause.type === "error" && GENERATOR_CODES.has(cause.code);
}

/**
 * The outcome of a request without a complete answer. The question is whether the server could have
 * acted: before the connection stood it could not (`failed`), after that nobody knows (`indeterminate`).
 */
export function classifyLoss(loss: Loss): Outcome {
  const { stage, cause, status } = loss;
  if (cause.type === "stopped") return { type: "indeterminate", reason: "aborted-by-stop" };
  if (stage !== "connecting")
    return {
      type: "indeterminate",
      reason: reasonAfterSend(loss),
      ...(status === undefined ? undefined : { status }),
    };
  if (isGeneratorFailure(cause)) return { type: "undelivered", reason: "generator-failure" };
  return { type: "failed", reason: reasonBeforeSend(cause) };
}

function reasonBeforeSend(cause: LossCause): FailureClass {
  switch (cause.type) {
    case "timeout":
      return "connect-timeout";
    case "closed":
      return "closed-before-response";
    case "error":
      if (cause.code === "ECONNREFUSED") return "connect-refused";
      if (cause.code === "ETIMEDOUT") return "connect-timeout";
      if (NO_ROUTE_CODES.has(cause.code)) return "no-route";
      if (DNS_CODES.has(cause.code)) return "dns";
      // A TLS handshake that is cut, or that the two sides could not agree on.
      return RESET_CODES.has(cause.code) ? "reset-before-response" : "protocol";
    case "malformed":
    case "stopped":
      return "protocol";
  }
}

function reasonAfterSend({ stage, cause, justAfterIdle }: Loss): FailureClass {
  switch (cause.type) {
    case "timeout":
      return stage === "in-body" ? "body-timeout" : "headers-timeout";
    case "closed":
      return reasonOfEnd(stage, justAfterIdle, "closed");
    case "error":
      // The peer had closed before we wrote, and the kernel told us at the write.
      if (cause.code === "EPIPE") return reasonOfEnd(stage, justAfterIdle, "closed");
      if (RESET_CODES.has(cause.code)) return reasonOfEnd(stage, justAfterIdle, "reset");
      if (NO_ROUTE_CODES.has(cause.code)) return "no-route";
      if (cause.code === "ETIMEDOUT")
        return stage === "in-body" ? "body-timeout" : "headers-timeout";
      return "protocol";
    case "malformed":
    case "stopped":
      return "protocol";
  }
}

function reasonOfEnd(stage: Stage, afterIdle: boolean, how: "closed" | "reset"): FailureClass {
  if (stage === "in-body") return how === "reset" ? "reset-in-body" : "truncated-body";
  if (stage === "in-headers") return "closed-in-headers";
  if (afterIdle) return "closed-after-idle";
  return how === "reset" ? "reset-before-response" : "closed-before-response";
}
