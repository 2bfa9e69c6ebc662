import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LoopMonitor } from "./loop-monitor.ts";

describe("LoopMonitor", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("remembers how late the loop was at its worst", () => {
    const monitor = new LoopMonitor();
    vi.advanceTimersByTime(200);
    expect(monitor.worstDelayMs).toBe(0);
    const now = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 320);
    vi.advanceTimersToNextTimer();
    now.mockRestore();
    expect(monitor.worstDelayMs).toBe(300);
    monitor.stop();
    vi.advanceTimersByTime(5_000);
    expect(monitor.worstDelayMs).toBe(300);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("counts a delay that is still going on", () => {
    const monitor = new LoopMonitor();
    const now = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 520);
    expect(monitor.worstDelayMs).toBe(500);
    now.mockRestore();
    monitor.stop();
  });
});
