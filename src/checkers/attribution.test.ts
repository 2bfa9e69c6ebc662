import { describe, expect, it } from "vitest";
import type { DataPathWord } from "#domain/data-path-word.ts";
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
      provenBy: "answer",
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

describe("a failure without an answer", () => {
  const word = { atMs: 5_002, entrance: 1, clientPort: 40_000, backend: "10.0.0.2" };
  const lost = { sentAtMs: 5_000, localPort: 40_000, entrance: 1 };
  const observations = [
    seen(0, aPod({ name: "web-1", ip: "10.0.0.1" }), "added"),
    seen(0, aPod({ name: "web-2", ip: "10.0.0.2" }), "added"),
    ...leaving(),
  ];
  const blameWith = (dataPath: readonly DataPathWord[], exchange: Partial<Exchange> = lost) => {
    const history = { ...aHistory({ observations }), dataPath };
    return new Attributor(gatherFacts(history)).blame(anExchange({ outcome: RESET, ...exchange }));
  };

  it("is proven by the data path, which goes before all that is inferred", () => {
    const named = { pod: "web-2", attribution: "proven", provenBy: "data-path" };
    expect(blameWith([{ ...word, refused: false }])).toEqual(named);
    expect(blameWith([{ ...word, refused: true }])).toEqual({ ...named, refused: true });
  });

  it("is the pod's that answered, where one did", () => {
    const answered = blameWith([{ ...word, refused: false }], { ...lost, servedBy: "web-1" });
    expect(answered).toMatchObject({ pod: "web-1", provenBy: "answer" });
  });

  it("is placed by the old rules where the data path led it to nobody or to no pod", () => {
    const inferred = { pod: "web-1", attribution: "inferred", phase: "after-sigterm" };
    const led = (backend: string | undefined) => blameWith([{ ...word, backend, refused: false }]);
    expect(led("10.9.9.9")).toEqual(inferred);
    expect(led(undefined)).toEqual({ ...inferred, ledToNobody: true });
  });
});
