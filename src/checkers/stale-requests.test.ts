import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import type { Observation } from "#domain/observation.ts";
import { aHistory, anExchange, aPod, leaving, seen } from "#test/support/builders.ts";
import { measureAlone } from "#test/support/measure-alone.ts";
import { staleRequests } from "./stale-requests.ts";

/** The standard history: `web-1` exits at 5,900 ms, is gone at 6,000, and its exposure ends at 6,500. */
const measure = (
  exchanges: readonly Exchange[],
  observations: readonly Observation[] = leaving(),
) => measureAlone(staleRequests, aHistory({ exchanges, observations }));

const fresh = (sentAtMs: number, fields: Partial<Exchange> = {}) =>
  anExchange({ sentAtMs, connection: "new", ...fields });
const refused = { outcome: { type: "failed", reason: "connect-refused" } } as const;

describe("staleRequests", () => {
  it("counts a new connection that nobody accepted after the process had exited", () => {
    expect(measure([fresh(5_950, refused), fresh(5_960), fresh(6_400)])).toMatchObject({
      value: 1,
      sample: 3,
      doubts: [],
      counts: [{ of: "new connections after an exit", failures: 1, tried: 3 }],
    });
  });

  it("does not count one before the exit, nor one after the exposure", () => {
    const outside = [fresh(5_000, refused), fresh(6_600, refused)];
    expect(measure([...outside, fresh(5_950)])).toMatchObject({ value: 0, sample: 1 });
  });

  it("is not measured by kept connections, nor by new ones at other times", () => {
    const measured = measure([anExchange({ sentAtMs: 5_950 }), fresh(5_000), fresh(6_600)]);
    expect(measured.value).toBeUndefined();
    expect(measured.summary).toBe(
      "No new connection was sent between a pod's exit and the end of its exposure.",
    );
  });

  it("is not measured by what was never sent", () => {
    const outcome = { type: "undelivered", reason: "stopped" } as const;
    expect(measure([fresh(5_950, { outcome })]).value).toBeUndefined();
  });

  it("is not measured when no exit was seen", () => {
    const measured = measure([fresh(5_950, refused)], leaving().slice(0, 5));
    expect(measured.value).toBeUndefined();
    expect(measured.summary).toBe("No pod was seen to exit.");
  });

  const DELETED = { deletionTimestamp: "2026-11-24T10:00:14Z" };
  const web2 = { name: "web-2", revision: "new" };

  it("doubts itself when the exit of a pod that ran was not seen", () => {
    const observations = [...leaving(), seen(5_000, aPod({ ...web2, ...DELETED }))];
    expect(measure([fresh(5_950)], observations).doubts).toEqual([
      "The exit of 1 of 2 pods was not seen.",
    ]);
  });

  it("does not wait for the exit of a pod that never ran", () => {
    const pending = { name: "web-3", phase: "Pending", ready: false, containers: [] };
    const observations = [...leaving(), seen(5_000, aPod({ ...pending, ...DELETED }))];
    expect(measure([fresh(5_950)], observations).doubts).toEqual([]);
  });

  it("does not let one pod speak for another after whose exit nothing new was sent", () => {
    const exit = { name: "app", ready: false, restartCount: 0, state: "terminated" } as const;
    const exited = { ...web2, ...DELETED, ready: false, containers: [{ ...exit, exitCode: 0 }] };
    const later = [seen(8_000, aPod(exited)), seen(8_100, aPod(exited), "deleted")];
    expect(measure([fresh(5_950)], [...leaving(), ...later]).doubts).toEqual([
      "No new connection was sent after the exit of 1 of 2 pods.",
    ]);
    expect(measure([fresh(5_950), fresh(8_500)], [...leaving(), ...later]).doubts).toEqual([]);
  });
});
