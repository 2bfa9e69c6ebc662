import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DelayLine } from "./delay-line.ts";

describe("DelayLine", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("hands on each item the delay after it came, in order", () => {
    const delivered: string[] = [];
    const line = new DelayLine<string>(100, (item) => delivered.push(item));
    line.push("first");
    vi.advanceTimersByTime(60);
    line.push("second");
    line.push("third");
    vi.advanceTimersByTime(41);
    expect(delivered).toEqual(["first"]);
    vi.advanceTimersByTime(60);
    expect(delivered).toEqual(["first", "second", "third"]);
  });

  it("hands on at once when there is no delay", () => {
    const delivered: string[] = [];
    new DelayLine<string>(0, (item) => delivered.push(item)).push("now");
    expect(delivered).toEqual(["now"]);
  });

  it("drops what is on its way when it is stopped", () => {
    const delivered: string[] = [];
    const line = new DelayLine<string>(100, (item) => delivered.push(item));
    line.push("late");
    line.stop();
    vi.advanceTimersByTime(200);
    expect(delivered).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
