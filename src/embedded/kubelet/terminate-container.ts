import { setTimeout as sleep } from "node:timers/promises";
import { LONGEST_TIMER_MS } from "#embedded/api/longest-timer.ts";
import type { Pod } from "#embedded/api/objects.ts";
import { type EventRecorder, podSubject } from "./events.ts";
import { runHook } from "./hooks/run-hook.ts";
import type { RunningContainer } from "./running-container.ts";

/** SIGTERM comes with at least this long, even when preStop spent everything (minimumGracePeriodInSeconds). */
const MINIMUM_GRACE_SECONDS = 2;

export interface ContainerTermination {
  readonly pod: Pod;
  readonly podIP: string;
  readonly container: RunningContainer;
  /** The text of the Killing event; "Stopping container c" unless there is a reason of its own. */
  readonly message?: string;
  /** Shared by the preStop hook, the wait for the turn and the time after SIGTERM. */
  readonly graceSeconds: number;
  /** A sidecar waits until everything that needs it has ended. */
  readonly turn?: Promise<unknown>;
  readonly events: EventRecorder;
  /** Ends what is left of an abandoned hook. */
  readonly lifetime: AbortSignal;
}

/**
 * Killing event ─► preStop ─► (turn) ─► SIGTERM ─► exit, or SIGKILL when the grace period is over
 *
 * Elapsed time counts in whole seconds, rounded down, as the kubelet counts it.
 */
export async function terminateContainer(termination: ContainerTermination): Promise<void> {
  const { container, events, pod, turn } = termination;
  const subject = podSubject(pod, container.spec.name);
  const message = termination.message ?? `Stopping container ${container.spec.name}`;
  events.record(subject, { type: "Normal", reason: "Killing", message });
  let graceSeconds = termination.graceSeconds;
  if (container.spec.lifecycle?.preStop !== undefined && graceSeconds > 0) {
    graceSeconds -= await secondsUntil(preStop(termination), graceSeconds);
  }
  if (turn !== undefined && graceSeconds > 0)
    graceSeconds -= await secondsUntil(turn, graceSeconds);
  container.process.terminate();
  await secondsUntil(container.process.exited, Math.max(graceSeconds, MINIMUM_GRACE_SECONDS));
  container.process.kill();
  await container.process.exited;
}

/**
 * Never rejects: a hook that fails does not stop the kill. It is not killed when its time is up either;
 * if it fails later, the event comes later.
 */
async function preStop(termination: ContainerTermination): Promise<void> {
  const { container, events, pod, podIP, lifetime } = termination;
  const handler = container.spec.lifecycle?.preStop;
  if (handler === undefined) return;
  const subject = podSubject(pod, container.spec.name);
  const onHttpFallback = (host: string) => {
    const message = `request to HTTPS lifecycle hook ${host} got HTTP response, retry with HTTP succeeded`;
    events.record(subject, { type: "Warning", reason: "LifecycleHTTPFallback", message });
  };
  try {
    await runHook(handler, { container, podIP, onHttpFallback }, lifetime);
  } catch {
    if (lifetime.aborted) return;
    // The cause may hold secrets; like the kubelet we show only that it failed.
    const reason = "FailedPreStopHook";
    events.record(subject, { type: "Warning", reason, message: "PreStopHook failed" });
  }
}

/** Waits for `what`, but no longer than `limitSeconds`; says how many whole seconds that took. */
async function secondsUntil(what: Promise<unknown>, limitSeconds: number): Promise<number> {
  const startedAtMs = performance.now();
  const done = new AbortController();
  const limitMs = Math.min(limitSeconds * 1000, LONGEST_TIMER_MS);
  const limit = sleep(limitMs, undefined, { signal: done.signal }).catch(() => {});
  await Promise.race([what, limit]);
  done.abort();
  return Math.floor((performance.now() - startedAtMs) / 1000);
}
