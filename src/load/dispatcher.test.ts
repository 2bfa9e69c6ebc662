import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Dispatcher } from "./dispatcher.ts";

describe("Dispatcher", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const clock = { nowMs: () => performance.now() };

  it("offers each request at its moment, none before and none twice", () => {
    const startMs = clock.nowMs();
    const offered: number[] = [];
    const dispatcher = new Dispatcher({
      pacer: (scheduled) => scheduled * 25,
      clock,
      startMs,
      offer: (dueAtMs) => offered.push(dueAtMs - startMs),
    });
    vi.advanceTimersByTime(99);
    expect(offered).toEqual([0, 25, 50, 75]);
    dispatcher.gate();
    vi.advanceTimersByTime(1_000);
    expect(dispatcher.scheduled).toBe(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("still offers at the gate what a late loop has not, with the moment it was due", () => {
    const startMs = clock.nowMs();
    const offered: number[] = [];
    let stallMs = 0;
    const dispatcher = new Dispatcher({
      pacer: (scheduled) => scheduled * 10,
      clock: { nowMs: () => clock.nowMs() + stallMs },
      startMs,
      offer: (dueAtMs) => offered.push(dueAtMs - startMs),
    });
    stallMs = 45;
    dispatcher.gate();
    expect(offered).toEqual([0, 10, 20, 30, 40]);
  });

  it("offers all until an instant that was named before it came, and nothing after it", () => {
    const startMs = clock.nowMs();
    const offered: number[] = [];
    const dispatcher = new Dispatcher({
      pacer: (scheduled) => scheduled * 25,
      clock,
      startMs,
      offer: (dueAtMs) => offered.push(dueAtMs - startMs),
    });
    vi.advanceTimersByTime(30);
    dispatcher.gateAt(startMs + 75);
    vi.advanceTimersByTime(1_000);
    dispatcher.gate();
    expect(offered).toEqual([0, 25, 50, 75]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("lets the event loop breathe while it catches up", () => {
    let offered = 0;
    const dispatcher = new Dispatcher({
      pacer: () => 0,
      clock,
      startMs: clock.nowMs(),
      offer: () => offered++,
    });
    vi.advanceTimersToNextTimer();
    const group = offered;
    expect(group).toBeGreaterThan(0);
    vi.advanceTimersToNextTimer();
    expect(offered).toBe(2 * group);
    vi.clearAllTimers();
    expect(dispatcher.scheduled).toBe(offered);
  });

  it("sleeps without end when nothing is due any more", () => {
    const dispatcher = new Dispatcher({
      pacer: (scheduled) => (scheduled === 0 ? 0 : Number.POSITIVE_INFINITY),
      clock,
      startMs: clock.nowMs(),
      offer: () => undefined,
    });
    vi.advanceTimersByTime(1_000);
    expect(dispatcher.scheduled).toBe(1);
    dispatcher.gate();
    expect(vi.getTimerCount()).toBe(0);
  });
});
