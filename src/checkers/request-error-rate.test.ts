import { describe, expect, it } from "vitest";
import { upperBound } from "#domain/confidence.ts";
import type { Exchange } from "#domain/exchange.ts";
import { aHistory, anExchange, aStream, RESET } from "#test/support/builders.ts";
import { measureAlone } from "#test/support/measure-alone.ts";
import { requestErrorRate } from "./request-error-rate.ts";

const load = [aStream(), aStream({ name: "fresh", type: "fresh" })];
const measure = (...exchanges: Exchange[]) =>
  measureAlone(requestErrorRate, aHistory({ load, exchanges }));

describe("requestErrorRate", () => {
  it("counts only what met the leaving pod", () => {
    const lost = anExchange({ sentAtMs: 4_500, outcome: RESET });
    const before = anExchange({ sentAtMs: 1_000, outcome: RESET });
    const good = anExchange({ sentAtMs: 4_600 });
    const measured = measure(before, lost, good);
    expect(measured.value).toBe(0.5);
    expect(measured.evidence.exchanges).toEqual([lost]);
  });

  it("counts a request that was sent before the deletion and ended after it", () => {
    const long = anExchange({ sentAtMs: 3_000, endedAtMs: 4_100, outcome: RESET });
    expect(measure(long).value).toBe(1);
  });

  it("counts until the margin after the pod is gone, and no further", () => {
    expect(measure(anExchange({ sentAtMs: 6_490, outcome: RESET })).value).toBe(1);
    expect(measure(anExchange({ sentAtMs: 6_510, outcome: RESET })).value).toBeUndefined();
  });

  it("is the rate of the worst stream, which a busier one cannot dilute", () => {
    const busy = Array.from({ length: 98 }, () => anExchange({ sentAtMs: 5_000 }));
    const fresh = { stream: "fresh", connection: "new", sentAtMs: 5_000 } as const;
    const measured = measure(...busy, anExchange(fresh), anExchange({ ...fresh, outcome: RESET }));
    expect(measured.value).toBe(0.5);
    expect(measured.sample).toBe(100);
  });

  it("has a bound that is never below its value, and none better than its sample", () => {
    const busy = Array.from({ length: 98 }, () => anExchange({ sentAtMs: 5_000 }));
    const fresh = { stream: "fresh", connection: "new", sentAtMs: 5_000 } as const;
    const failing = measure(...busy, anExchange(fresh), anExchange({ ...fresh, outcome: RESET }));
    expect(failing.bound).toBeGreaterThan(0.5);
    expect(measure(...busy, anExchange(fresh)).bound).toBeCloseTo(upperBound(0, 99), 6);
  });

  it("doubts itself when one stream never met the leaving pod", () => {
    expect(measure(anExchange({ sentAtMs: 5_000 })).doubts).toEqual([
      "No request of stream fresh met a terminating pod.",
    ]);
  });

  it("is not measured when nothing met the leaving pod", () => {
    expect(measure(anExchange({ sentAtMs: 1_000 })).value).toBeUndefined();
  });

  it("does not count what was never sent", () => {
    const undelivered = { type: "undelivered", reason: "no-free-connection" } as const;
    expect(measure(anExchange({ sentAtMs: 5_000, outcome: undelivered })).value).toBeUndefined();
  });
});
