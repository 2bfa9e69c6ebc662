import { describe, expect, it } from "vitest";
import type { HeldConnection } from "#domain/held-connection.ts";
import { aConnection, aHistory, aStream, aWebsocketStream } from "#test/support/builders.ts";
import { judge } from "./judge.ts";

/** `web-1` leaves between 4,000 and 6,000 ms. */
const measure = (connections: readonly HeldConnection[], load = [aWebsocketStream()]) => {
  const { ungated } = judge(aHistory({ load, connections }), []);
  return ungated.find(({ metric }) => metric === "cut-connections");
};
const closed = { type: "closed", code: 1001 } as const;
const cut = { type: "cut", by: "reset" } as const;

describe("cutConnections", () => {
  it("counts those that were cut while a pod was leaving, and tells of each", () => {
    const measurement = measure([
      aConnection({ endedAtMs: 5_000, end: cut, unanswered: 2 }),
      aConnection({ connectionId: 2, place: 1, endedAtMs: 5_000, end: closed }),
      aConnection({ connectionId: 3, place: 2 }),
    ]);
    expect(measurement).toMatchObject({ value: 1, sample: 2, doubts: [] });
    expect(measurement?.evidence.notes).toEqual([
      "chat to web-1: reset at 5.00 s with 2 messages unanswered",
    ]);
    expect(measurement?.summary).toContain("1 of 2 held connections that ended while pods left");
    expect(measurement?.summary).toContain("2 messages on them had no answer");
  });

  it("says which were opened again on another pod", () => {
    const next = { openedAtMs: 5_001, pod: "web-2" } as const;
    const measurement = measure([
      aConnection({ endedAtMs: 5_000, end: closed }),
      aConnection({ connectionId: 2, place: 1, endedAtMs: 5_000, end: closed }),
      aConnection({ ...next, connectionId: 3, place: 0 }),
      aConnection({ ...next, connectionId: 4, place: 1, pod: "web-1" }),
    ]);
    expect(measurement).toMatchObject({ value: 0, sample: 2 });
    expect(measurement?.summary).toContain("2 closed in order; 1 moved to another pod");
  });

  it("names apart what was cut when no pod was leaving", () => {
    const measurement = measure([
      aConnection({ endedAtMs: 1_000, end: cut }),
      aConnection({ connectionId: 2, endedAtMs: 5_000, end: closed, openedAtMs: 1_001 }),
    ]);
    expect(measurement?.value).toBe(0);
    expect(measurement?.summary).toContain("; 1 more were cut when no pod was leaving");
  });

  it("doubts a run in which no connection ended, and is not measured without any", () => {
    expect(measure([aConnection()])?.doubts).toEqual([
      "No held connection ended while a pod was leaving.",
    ]);
    const without = judge(aHistory({ load: [aStream()] }), []).ungated;
    const measurement = without.find(({ metric }) => metric === "cut-connections");
    expect([measurement?.value, measurement?.summary]).toEqual([
      undefined,
      "The load has no websocket stream.",
    ]);
  });
});
