import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Probe } from "#embedded/api/objects.ts";
import type { RunningContainer } from "#embedded/kubelet/running-container.ts";
import { aContainer } from "#embedded/kubelet/testing/a-pod.ts";
import type { ProbeOutcome } from "./probe-outcome.ts";
import { type ProbeTarget, type ProbeType, ProbeWorker } from "./probe-worker.ts";

describe("ProbeWorker", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A worker over a target and outcomes that the test changes, and what it said so far. */
  function start(type: ProbeType, probe: Probe) {
    const state = {
      target: aTarget("one"),
      outcome: { type: "success" } as ProbeOutcome,
      runs: 0,
      verdicts: [] as string[],
    };
    const worker = new ProbeWorker({
      ...{ type, probe, container: aContainer("app") },
      target: () => state.target,
      run: async () => {
        state.runs += 1;
        return state.outcome;
      },
      onOutcome: () => {},
      onVerdict: (id, result) => state.verdicts.push(`${id} ${result}`),
    });
    return { state, worker };
  }

  function aTarget(id: string, rest: Partial<ProbeTarget> = {}): ProbeTarget | undefined {
    const running = { id } as RunningContainer; // only the id is looked at
    return { running, startedAtMs: Date.now(), started: true, ...rest };
  }

  const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);
  const failure: ProbeOutcome = { type: "failure", message: "" };

  it("asks each period, and out of turn when triggered, which begins the period anew", async () => {
    const { state, worker } = start("readiness", { periodSeconds: 10 });
    await seconds(9);
    worker.trigger();
    await seconds(9);
    expect(state.runs).toBe(1);
    await seconds(1);
    expect(state.runs).toBe(2);
    worker.stop();
    await seconds(60);
    expect(state.runs).toBe(2);
  });

  it("gives a verdict only after the threshold, in a row", async () => {
    const { state, worker } = start("readiness", { periodSeconds: 1, failureThreshold: 3 });
    state.outcome = failure;
    await seconds(2);
    state.outcome = { type: "success" };
    await seconds(1);
    state.outcome = failure;
    await seconds(2);
    expect(state.verdicts).toEqual(["one success"]);
    await seconds(1);
    expect(state.verdicts.at(-1)).toBe("one failure");
    worker.stop();
  });

  it("waits for the initial delay and for the startup probe", async () => {
    const { state, worker } = start("liveness", { periodSeconds: 1, initialDelaySeconds: 3 });
    await seconds(2);
    expect(state.runs).toBe(0);
    await seconds(2);
    expect(state.runs).toBe(2);
    state.target = aTarget("one", { startedAtMs: 0, started: false });
    await seconds(5);
    expect(state.runs).toBe(2);
    worker.stop();
  });

  it("asks for startup only until the container has started", async () => {
    const { state, worker } = start("startup", { periodSeconds: 1 });
    await seconds(3);
    expect(state.runs).toBe(0);
    state.target = aTarget("one", { started: false });
    await seconds(1);
    expect(state.verdicts).toEqual(["one success"]);
    worker.stop();
  });

  it("asks nothing more of a container that it has condemned, and begins anew with the next", async () => {
    const { state, worker } = start("liveness", { periodSeconds: 1, failureThreshold: 1 });
    state.outcome = failure;
    await seconds(5);
    expect([state.runs, state.verdicts]).toEqual([1, ["one failure"]]);
    state.target = aTarget("two");
    state.outcome = { type: "success" };
    await seconds(1);
    expect(state.verdicts.at(-1)).toBe("two success");
    worker.stop();
  });

  it("tries a probe that could not be run three times and throws the result away", async () => {
    const { state, worker } = start("readiness", { periodSeconds: 1, failureThreshold: 1 });
    state.outcome = { type: "error", message: "no such container" };
    await seconds(1);
    expect([state.runs, state.verdicts]).toEqual([3, []]);
    worker.stop();
  });

  it("asks nothing while the container does not run", async () => {
    const { state, worker } = start("readiness", { periodSeconds: 1 });
    state.target = undefined;
    await seconds(3);
    expect(state.runs).toBe(0);
    worker.stop();
  });
});
