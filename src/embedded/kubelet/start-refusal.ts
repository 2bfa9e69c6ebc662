import type { StartFailure } from "./status/pod-view.ts";

/** A container that could not be started: what its status says, and when it is worth another try. */
export class StartRefusal extends Error {
  readonly failure: StartFailure;
  /** Undefined: nothing has to pass, so that each look at the pod is another try. */
  readonly retryAfterMs: number | undefined;
  /** Nothing else makes the kubelet look at the pod again before the next try, so that only then the refusal is told. */
  readonly isToldLater: boolean;

  constructor(
    reason: string,
    message: string,
    retryAfterMs: number | undefined,
    isToldLater = false,
  ) {
    super(`${reason}: ${message}`);
    this.name = "StartRefusal";
    this.failure = { reason, message };
    this.retryAfterMs = retryAfterMs;
    this.isToldLater = isToldLater;
  }
}
