import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeadlineQueue } from "./deadline-queue.ts";

describe("DeadlineQueue", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => vi.useRealTimers());

  it("expires each owner after the same wait, and none that was lifted", () => {
    const expired: string[] = [];
    const queue = new DeadlineQueue(100, ({ name }: { name: string }) => expired.push(name));
    const [a, b, c] = ["a", "b", "c"].map((name) => ({ name }));
    if (a === undefined || b === undefined || c === undefined) throw new Error("three owners");
    queue.set(a);
    queue.set(b);
    vi.advanceTimersByTime(60);
    queue.set(c);
    queue.lift(b);
    vi.advanceTimersByTime(39);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(["a"]);
    vi.advanceTimersByTime(60);
    expect(expired).toEqual(["a", "c"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("counts anew for an owner that is set again, even from within its own expiry", () => {
    const expired: number[] = [];
    const owner = {};
    const queue = new DeadlineQueue(100, () => {
      expired.push(performance.now());
      if (expired.length < 2) queue.set(owner);
    });
    const startMs = performance.now();
    queue.set(owner);
    vi.advanceTimersByTime(50);
    queue.set(owner);
    vi.advanceTimersByTime(500);
    expect(expired.map((atMs) => atMs - startMs)).toEqual([150, 250]);
  });

  it("leaves no timer behind when it is closed", () => {
    const queue = new DeadlineQueue(100, () => expect.unreachable());
    const owner = {};
    queue.set(owner);
    expect(queue.close()).toEqual([owner]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
