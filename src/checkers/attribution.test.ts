import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import { aHistory, anExchange, aPod, leaving, RESET, seen } from "#test/support/builders.ts";
import { Attributor } from "./attribution.ts";
import { gatherFacts } from "./run-facts.ts";

const LEAVING = { deletionTimestamp: "2026-11-24T10:00:14Z", deletionGracePeriodSeconds: 10 };

/** `web-2` leaves beside `web-1`, which was asked to at 4,000 ms: later, and with a preStop sleep of 1 s. */
const two = [
  ...leaving(),
  seen(4_500, aPod({ name: "web-2", preStopSleepSeconds: 1, ...LEAVING })),
  seen(6_000, aPod({ name: "web-2", preStopSleepSeconds: 1, ...LEAVING }), "deleted"),
];

/** Blames a lost request that nobody answered, after the attributor has seen the others. */
function blame(
  lost: Partial<Exchange>,
  others: readonly Partial<Exchange>[] = [],
  observations = leaving(),
) {
  const attributor = new Attributor(gatherFacts(aHistory({ observations })));
  for (const other of others) attributor.see(anExchange(other));
  return attributor.blame(anExchange({ outcome: RESET, ...lost }));
}

describe("the pod that a failure is blamed on", () => {
  it("is proven by its own word, and else by an earlier answer on the same connection", () => {
    const named = { pod: "web-1", phase: "after-sigterm" };
    expect(blame({ sentAtMs: 5_000, servedBy: "web-1" })).toEqual({
      attribution: "proven",
      ...named,
    });
    expect(blame({ sentAtMs: 5_000 }, [{ sentAtMs: 900, servedBy: "web-1" }])).toEqual({
      attribution: "same-connection",
      ...named,
    });
    const elsewhere = [{ sentAtMs: 900, servedBy: "web-2", connectionId: 2 }];
    expect(blame({ sentAtMs: 5_000 }, elsewhere).attribution).toBe("inferred");
  });

  it("is inferred where one alone was leaving", () => {
    expect(blame({ sentAtMs: 5_000 })).toEqual({
      attribution: "inferred",
      pod: "web-1",
      phase: "after-sigterm",
    });
  });

  it("is not known where several were leaving, but their phase is where they had it in common", () => {
    expect(blame({ sentAtMs: 5_600 }, [], two)).toEqual({
      attribution: "unknown",
      phase: "after-sigterm",
    });
    expect(blame({ sentAtMs: 5_000 }, [], two)).toEqual({ attribution: "unknown", phase: "mixed" });
  });

  it("is none outside every exposure, and neither is a phase", () => {
    expect(blame({ sentAtMs: 1_000 })).toEqual({ attribution: "unknown" });
  });
});
