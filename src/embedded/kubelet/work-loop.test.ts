import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WorkLoop } from "./work-loop.ts";

describe("WorkLoop", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("runs once for several wakes, at the earliest of their moments", async () => {
    const work = vi.fn(async () => {});
    const loop = new WorkLoop(work);
    loop.wake(500);
    loop.wake(100);
    loop.wake(300);
    await vi.advanceTimersByTimeAsync(99);
    expect(work).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it("never runs twice at once, and once more for a wake during a run", async () => {
    let running = 0;
    let most = 0;
    const work = vi.fn(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 100));
      running -= 1;
    });
    const loop = new WorkLoop(work);
    loop.wake();
    await vi.advanceTimersByTimeAsync(50);
    loop.wake();
    loop.wake();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([work.mock.calls.length, most]).toEqual([2, 1]);
  });

  it("does not run at once what is due in a year", async () => {
    const work = vi.fn(async () => {});
    const loop = new WorkLoop(work);
    loop.wake(365 * 24 * 3_600_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(work).toHaveBeenCalledTimes(0);
    await loop.stop();
  });

  it("stops after the current run, for good", async () => {
    const work = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 100)));
    const loop = new WorkLoop(work);
    loop.wake();
    await vi.advanceTimersByTimeAsync(10);
    loop.wake();
    const stopped = loop.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    await stopped;
    loop.wake();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(work).toHaveBeenCalledTimes(1);
  });
});
