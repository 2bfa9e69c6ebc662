import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UsageError } from "#domain/errors.ts";
import { watchListeners } from "./watch-listeners.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wrong = new UsageError("WRONG_PORT", "It listens on 3000.", { hint: "Say so." });

function watch(...looks: readonly (UsageError | "reached" | "silent")[]) {
  let count = 0;
  const givenUp: UsageError[] = [];
  const { stop } = watchListeners({
    look: () => looks[Math.min(count++, looks.length - 1)] ?? "silent",
    patienceMs: 5_000,
    onGivenUp: (reason) => givenUp.push(reason),
  });
  return { stop, givenUp, looks: () => count };
}

describe("watchListeners", () => {
  it("gives up once what stays wrong for so long, and looks no more", () => {
    const watching = watch(wrong);
    vi.advanceTimersByTime(4_999);
    expect(watching.givenUp).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(watching.givenUp).toEqual([wrong]);
    expect(watching.looks()).toBe(10);
  });

  it("begins anew when the program listens nowhere again", () => {
    const nineTimes = Array.from({ length: 9 }, () => wrong);
    const watching = watch(...nineTimes, "silent", ...nineTimes, "silent");
    vi.advanceTimersByTime(60_000);
    expect(watching.givenUp).toEqual([]);
  });

  it("looks no more once the program is reached, so that nothing disturbs the load", () => {
    const watching = watch("silent", "reached", wrong);
    vi.advanceTimersByTime(60_000);
    expect(watching.looks()).toBe(2);
  });

  it("looks no more once it is stopped", () => {
    const watching = watch(wrong);
    watching.stop();
    vi.advanceTimersByTime(60_000);
    expect(watching.looks()).toBe(0);
  });
});
