import { describe, expect, it } from "vitest";
import type { Observation } from "#domain/observation.ts";
import type { Clock } from "#ports/clock.ts";
import { ObservedCluster } from "./observed-cluster.ts";

function workload(desired: number): Observation {
  const counts = { desired, ready: 0, updated: 0, available: 0 };
  return {
    type: "workload",
    atMs: 0,
    workload: { kind: "Deployment", name: "web", generation: 1, ...counts },
  };
}

describe("ObservedCluster", () => {
  /** Each sleep ends when the test says so, or rejects when its signal aborts. */
  function aClock() {
    const sleeps: {
      readonly ms: number;
      readonly end: () => void;
      readonly signal: AbortSignal;
    }[] = [];
    const clock: Clock = {
      nowMs: () => 0,
      sleep(ms, signal) {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        sleeps.push({ ms, end: resolve, signal });
        signal.addEventListener("abort", () => reject(signal.reason));
        return promise;
      },
    };
    return { clock, sleeps };
  }
  const wants = (count: number) => (view: ObservedCluster["view"]) =>
    view.workload?.desired === count;
  const { signal } = new AbortController();

  it("hands each observation on once the view shows it", () => {
    const shown: unknown[] = [];
    const observed = new ObservedCluster(aClock().clock, () => {
      shown.push(observed.view.workload?.desired);
    });
    observed.receive(workload(2));
    observed.receive(workload(3));
    expect(shown).toEqual([2, 3]);
  });

  it("does not wait for what is so already", async () => {
    const { clock, sleeps } = aClock();
    const observed = new ObservedCluster(clock, () => undefined);
    observed.receive(workload(2));
    expect(await observed.until(wants(2), 10, signal)).toBe(true);
    expect(sleeps).toEqual([]);
  });

  it("wakes at the observation that makes it so, and leaves no timer behind", async () => {
    const { clock, sleeps } = aClock();
    const observed = new ObservedCluster(clock, () => undefined);
    const waiting = observed.until(wants(3), 10, signal);
    observed.receive(workload(2));
    observed.receive(workload(3));
    expect(await waiting).toBe(true);
    expect(sleeps.map(({ ms, signal }) => [ms, signal.aborted])).toEqual([[10, true]]);
  });

  it("keeps to what made it so, even when it is over at once", async () => {
    const observed = new ObservedCluster(aClock().clock, () => undefined);
    const waiting = observed.until(wants(3), 10, signal);
    observed.receive(workload(3));
    observed.receive(workload(4));
    expect(await waiting).toBe(true);
  });

  it("resolves to false when the time is over", async () => {
    const { clock, sleeps } = aClock();
    const observed = new ObservedCluster(clock, () => undefined);
    const waiting = observed.until(wants(3), 10, signal);
    sleeps[0]?.end();
    expect(await waiting).toBe(false);
  });

  it("rejects when the signal aborts", async () => {
    const observed = new ObservedCluster(aClock().clock, () => undefined);
    const abort = new AbortController();
    const waiting = observed.until(wants(3), 10, abort.signal);
    abort.abort(new Error("interrupted"));
    await expect(waiting).rejects.toThrow("interrupted");
  });

  it("gives a predicate's own error to whoever asked, not to the watch that woke it", async () => {
    const observed = new ObservedCluster(aClock().clock, () => undefined);
    const waiting = observed.until(
      (view) => {
        if (view.workload !== undefined) throw new Error("bad predicate");
        return false;
      },
      10,
      signal,
    );
    expect(() => observed.receive(workload(1))).not.toThrow();
    await expect(waiting).rejects.toThrow("bad predicate");
  });
});
