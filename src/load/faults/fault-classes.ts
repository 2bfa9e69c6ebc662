import type { FailureClass } from "#domain/exchange.ts";
import type { Fault } from "./faults.ts";

/**
 * What a client may rightly call each fault; none where the answer was complete. On a kept connection a
 * close without an answer looks like one that came from idling.
 */
export const FAULT_CLASSES: Readonly<Record<Fault, readonly FailureClass[]>> = {
  none: [],
  "no-answer-fin": ["closed-before-response", "closed-after-idle"],
  "no-answer-rst": ["reset-before-response", "closed-after-idle"],
  "mid-head-fin": ["closed-in-headers"],
  "mid-body-fin": ["truncated-body"],
  "mid-body-rst": ["reset-in-body"],
  "mid-chunk-fin": ["truncated-body"],
  "mid-chunk-rst": ["reset-in-body"],
  "answered-then-fin": [],
  "answered-then-rst": [],
  "body-cut-short": ["truncated-body"],
  "length-too-long": ["truncated-body"],
  "half-body-left-open": ["body-timeout"],
  unavailable: ["server-error"],
  "unavailable-close": ["server-error", "server-error-and-close"],
  silence: ["headers-timeout"],
  "announced-close": [],
  "answered-twice": [],
  "closed-as-client-writes": ["closed-before-response", "closed-after-idle"],
  "closed-at-accept": ["closed-before-response", "reset-before-response"],
  "not-http": ["protocol"],
};
