import { LONGEST_TIMER_MS } from "#embedded/api/longest-timer.ts";
import type { Container, Probe } from "#embedded/api/objects.ts";
import type { RunningContainer } from "#embedded/kubelet/running-container.ts";
import { countResult, NO_RESULTS, type ProbeCount, type Result } from "./probe-count.ts";
import type { ProbeOutcome } from "./probe-outcome.ts";

export type ProbeType = "startup" | "readiness" | "liveness";

/** A probe that could not be run at all is tried again at once, so often in all. */
const ATTEMPTS = 3;

/** The container as the worker finds it when it is due. */
export interface ProbeTarget {
  readonly running: RunningContainer;
  readonly startedAtMs: number;
  /** Past its startup probe, if it has one. */
  readonly started: boolean;
}

export interface ProbeWorkerOptions {
  readonly type: ProbeType;
  readonly container: Container;
  readonly probe: Probe;
  /** Undefined while the container does not run. */
  target(): ProbeTarget | undefined;
  run(target: ProbeTarget, signal: AbortSignal): Promise<ProbeOutcome>;
  /** Each outcome, for the events. */
  onOutcome(outcome: ProbeOutcome): void;
  /** The verdict on an instance, each time it is reached. */
  onVerdict(instanceId: string, result: Result): void;
}

/**
 * One probe of one container for the whole life of the pod. The period runs from the moment the pod is
 * seen, not from the container's start; only readiness is also asked for out of turn (`trigger`), right
 * after the container has started and whenever the pod is looked at while it is not ready.
 */
export class ProbeWorker {
  readonly #options: ProbeWorkerOptions;
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout;
  #busy = false;
  #due = false;
  #instanceId: string | undefined;
  #count: ProbeCount = NO_RESULTS;
  /** After a verdict that ends the container nothing more is asked of it. */
  #onHold = false;

  constructor(options: ProbeWorkerOptions) {
    this.#options = options;
    this.#timer = this.#startTimer();
  }

  /** Asks now; the period starts anew. */
  trigger(): void {
    if (this.#end.signal.aborted) return;
    clearInterval(this.#timer);
    this.#timer = this.#startTimer();
    this.#tick();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#end.abort();
  }

  #startTimer(): NodeJS.Timeout {
    const periodMs = (this.#options.probe.periodSeconds ?? 10) * 1000;
    return setInterval(() => this.#tick(), Math.min(periodMs, LONGEST_TIMER_MS));
  }

  /** A tick during a probe is kept for its end, but no more than one. */
  #tick(): void {
    this.#due = true;
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#due && !this.#end.signal.aborted) {
      this.#due = false;
      await this.#probe();
    }
    this.#busy = false;
  }

  async #probe(): Promise<void> {
    const { type, probe, target } = this.#options;
    const found = target();
    if (found === undefined) return;
    if (found.running.id !== this.#instanceId) {
      this.#instanceId = found.running.id;
      this.#count = NO_RESULTS;
      this.#onHold = false;
    }
    const runsForSeconds = Math.floor((Date.now() - found.startedAtMs) / 1000);
    if (this.#onHold || runsForSeconds < (probe.initialDelaySeconds ?? 0)) return;
    // Until the startup probe has succeeded it is the only one; afterwards it is not asked again.
    if (found.started === (type === "startup")) return;
    const outcome = await this.#runWithRetries(found);
    if (this.#end.signal.aborted) return;
    this.#options.onOutcome(outcome);
    if (outcome.type === "error") return;
    this.#judge(found.running.id, outcome.type === "failure" ? "failure" : "success");
  }

  async #runWithRetries(target: ProbeTarget): Promise<ProbeOutcome> {
    let outcome: ProbeOutcome = { type: "error", message: "" };
    for (let attempt = 0; attempt < ATTEMPTS && outcome.type === "error"; attempt += 1) {
      outcome = await this.#options
        .run(target, this.#end.signal)
        .catch((error: unknown) => ({ type: "error", message: String(error) }) as const);
    }
    return outcome;
  }

  #judge(instanceId: string, result: Result): void {
    const { count, reached } = countResult(this.#count, result, this.#options.probe);
    this.#count = count;
    if (!reached) return;
    if (this.#options.type !== "readiness" && result === "failure") {
      this.#onHold = true;
      this.#count = NO_RESULTS;
    }
    this.#options.onVerdict(instanceId, result);
  }
}
