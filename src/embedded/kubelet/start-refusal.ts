import type { StartFailure } from "./status/pod-view.ts";

/** A container that could not be started: what its status says, and when it is worth another try. */
export class StartRefusal extends Error {
  readonly failure: StartFailure;
  readonly retryAfterMs: number;

  constructor(reason: string, message: string, retryAfterMs: number) {
    super(`${reason}: ${message}`);
    this.name = "StartRefusal";
    this.failure = { reason, message };
    this.retryAfterMs = retryAfterMs;
  }
}
