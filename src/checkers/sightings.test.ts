import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import { aHistory, anExchange, aPod, leaving, seen } from "#test/support/builders.ts";
import { gatherFacts } from "./run-facts.ts";
import { Sightings } from "./sightings.ts";

const observations = [seen(0, aPod({ name: "web-2", ip: "10.0.0.2" }), "added"), ...leaving()];
const word = { atMs: 3_000, entrance: 1, clientPort: 40_000, backend: "10.0.0.2", refused: false };
const kept = { sentAtMs: 4_300, connectedAtMs: 2_999, localPort: 40_000, entrance: 1 };

function whatReached(exchange: Partial<Exchange>) {
  const facts = gatherFacts({ ...aHistory({ observations }), dataPath: [word] });
  const sightings = new Sightings(facts);
  sightings.see(anExchange({ ...kept, ...exchange }));
  return sightings.arrivals.of("uid-web-2");
}

describe("the pod of an answer that names nobody", () => {
  it("is the one to which the data path led its connection, however long ago", () => {
    expect(whatReached({})).toEqual({ firstAnswerAtMs: 4_305, lastAnswerAtMs: 4_305 });
  });

  it("is not asked for where nothing was sent", () => {
    const outcome = { type: "undelivered", reason: "stopped" } as const;
    expect(whatReached({ outcome, connection: "new" })).toEqual({});
  });
});
