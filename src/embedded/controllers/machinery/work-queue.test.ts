import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Work, WorkQueue } from "./work-queue.ts";

describe("WorkQueue", () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const start = (work: Work, workers = 2) => {
    const errors: unknown[] = [];
    const queue = new WorkQueue({ work, workers, onError: (error) => errors.push(error) });
    return { queue, errors };
  };

  it("does the work of a key once, however often it was added in one turn", async () => {
    const done: string[] = [];
    const { queue } = start(async (key) => void done.push(key));
    for (const key of ["a", "b", "a", "a"]) queue.add(key);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toEqual(["a", "b"]);
  });

  it("never works twice on a key at the same time, and comes back to it when it was added meanwhile", async () => {
    let running = 0;
    const seen: number[] = [];
    const { queue } = start(async () => {
      running += 1;
      seen.push(running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      return undefined;
    });
    queue.add("a");
    await vi.advanceTimersByTimeAsync(5);
    queue.add("a");
    await vi.advanceTimersByTimeAsync(5);
    expect(seen).toEqual([1]);
    await vi.advanceTimersByTimeAsync(30);
    expect(seen).toEqual([1, 1]);
  });

  it("works on no more keys at a time than it has workers", async () => {
    let running = 0;
    let most = 0;
    const { queue } = start(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      return undefined;
    });
    for (const key of ["a", "b", "c", "d"]) queue.add(key);
    await vi.advanceTimersByTimeAsync(100);
    expect(most).toBe(2);
    expect(running).toBe(0);
  });

  it("tries failed work again, each time later, until it goes well", async () => {
    const at: number[] = [];
    const { queue, errors } = start(async () => {
      at.push(performance.now());
      if (at.length < 4) throw new Error("not yet");
      return undefined;
    });
    const begin = performance.now();
    queue.add("a");
    await vi.advanceTimersByTimeAsync(1000);
    expect(at).toHaveLength(4);
    expect(errors).toHaveLength(3);
    const waits = at.map((time, index) => Math.round(time - (at[index - 1] ?? begin)));
    // The faked turn of the event loop adds a millisecond to each.
    expect(waits.slice(1).map((wait) => Math.floor(wait / 5))).toEqual([1, 2, 4]);
  });

  it("comes back after the time that the work asked for, or the earlier one of two", async () => {
    let count = 0;
    const { queue } = start(async () => {
      count += 1;
      return count === 1 ? { afterMs: 500 } : undefined;
    });
    queue.add("a");
    await vi.advanceTimersByTimeAsync(10);
    queue.addAfter("a", 100);
    await vi.advanceTimersByTimeAsync(200);
    expect(count).toBe(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(count).toBe(2);
  });

  it("waits before the first retry as long as it is told to", async () => {
    let count = 0;
    const work = async () => {
      count += 1;
      throw new Error("refused");
    };
    const queue = new WorkQueue({
      work,
      workers: 1,
      firstRetryMs: 1_000,
      onError: () => undefined,
    });
    queue.add("a");
    await vi.advanceTimersByTimeAsync(900);
    expect(count).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(count).toBe(2);
    await vi.advanceTimersByTimeAsync(1_800);
    expect(count).toBe(2);
    await queue.stop();
  });

  it("does not come back at once to what is due next year", async () => {
    let count = 0;
    const { queue } = start(async () => {
      count += 1;
      return { afterMs: 365 * 24 * 3_600_000 };
    });
    queue.add("a");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(count).toBe(1);
  });

  it("starts nothing after it was stopped, and leaves no timer", async () => {
    let count = 0;
    const { queue } = start(async () => {
      count += 1;
      return { afterMs: 10 };
    });
    queue.add("a");
    await vi.advanceTimersByTimeAsync(1);
    queue.add("b");
    await queue.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(count).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
