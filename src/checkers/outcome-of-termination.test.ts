import { describe, expect, it } from "vitest";
import type { Observation } from "#domain/observation.ts";
import { aHistory, anExchange, aPod, leaving, RESET, seen } from "#test/support/builders.ts";
import { measureAlone } from "#test/support/measure-alone.ts";
import { droppedRequests } from "./dropped-requests.ts";
import { failuresPerTermination } from "./failures-per-termination.ts";
import { forcedKills } from "./forced-kills.ts";
import { graceUsed } from "./grace-used.ts";

/** `web-3` is deleted before any of its containers ran. */
function deletedWhilePending() {
  const waiting = { name: "app", ready: false, restartCount: 0, state: "waiting" } as const;
  const pending = { phase: "Pending", ready: false, containers: [waiting] } as const;
  const pod = { name: "web-3", ...pending };
  const deleted = { ...pod, deletionTimestamp: "2026-11-24T10:00:14Z" };
  return [
    seen(4_000, aPod(pod), "added"),
    seen(4_100, aPod(deleted)),
    seen(4_200, aPod(deleted), "deleted"),
  ];
}

describe("forcedKills", () => {
  const measure = (exit: { exitCode?: number; reason?: string; atMs?: number }) =>
    measureAlone(forcedKills, aHistory({ observations: leaving(exit) })).value;

  it("counts exit code 137 when the grace was over", () => {
    expect(measure({ exitCode: 137, reason: "Error", atMs: 14_100 })).toBe(1);
  });

  it("does not take an early 137, an OOM kill or a lost container for a forced kill", () => {
    expect(measure({ exitCode: 137, reason: "Error", atMs: 5_000 })).toBe(0);
    expect(measure({ exitCode: 137, reason: "OOMKilled", atMs: 14_100 })).toBe(0);
    expect(measure({ exitCode: 137, reason: "ContainerStatusUnknown", atMs: 14_100 })).toBe(0);
  });

  it("does not count a clean exit", () => {
    expect(measure({})).toBe(0);
  });

  it("is not measured when no exit was seen", () => {
    const observations = leaving().slice(0, 5);
    expect(measureAlone(forcedKills, aHistory({ observations })).value).toBeUndefined();
  });

  it("doubts itself when a pod ran and its exit was not seen, but not when it never ran", () => {
    const unseen = leaving().slice(0, 5);
    const doubtsOf = (observations: Observation[]) =>
      measureAlone(forcedKills, aHistory({ observations })).doubts;
    expect(doubtsOf(unseen)).toEqual(["The exit of 1 of 1 pods was not seen."]);
    expect(doubtsOf([...leaving(), ...deletedWhilePending()])).toEqual([]);
  });
});

describe("graceUsed", () => {
  it("is the share of the grace period from the deletion to the exit", () => {
    expect(measureAlone(graceUsed, aHistory()).value).toBeCloseTo(0.19);
  });

  it("does not wait for the exit of a pod that never ran", () => {
    const doubtsOf = (observations: Observation[]) =>
      measureAlone(graceUsed, aHistory({ observations })).doubts;
    expect(doubtsOf([...leaving(), ...deletedWhilePending()])).toEqual([]);
    expect(doubtsOf(leaving().slice(0, 5))).toHaveLength(1);
  });
});

describe("droppedRequests", () => {
  const measure = (...exchanges: ReturnType<typeof anExchange>[]) =>
    measureAlone(droppedRequests, aHistory({ exchanges })).value;

  it("counts lost answers but not complete error answers", () => {
    const refused = { type: "failed", reason: "server-error", status: 503 } as const;
    expect(
      measure(
        anExchange({ sentAtMs: 4_500, outcome: RESET }),
        anExchange({ sentAtMs: 4_500, outcome: refused }),
      ),
    ).toBe(1);
  });

  it("is not measured when no request met the leaving pod", () => {
    expect(measure(anExchange({ sentAtMs: 100, outcome: RESET }))).toBeUndefined();
  });

  it("does not count what our own stop cut short, and doubts itself for it", () => {
    const outcome = { type: "indeterminate", reason: "aborted-by-stop" } as const;
    const exchanges = [anExchange({ sentAtMs: 4_500, outcome })];
    const measured = measureAlone(droppedRequests, aHistory({ exchanges }));
    expect(measured).toMatchObject({ value: 0, sample: 1 });
    expect(measured.doubts).toHaveLength(1);
  });
});

describe("failuresPerTermination", () => {
  it("divides the failures by the pods that left, not by the requests", () => {
    const exchanges = [1, 2, 3].map(() => anExchange({ sentAtMs: 4_500, outcome: RESET }));
    expect(measureAlone(failuresPerTermination, aHistory({ exchanges })).value).toBe(3);
  });
});
