import { describe, expect, it } from "vitest";
import { evaluateThreshold } from "#domain/evaluate-threshold.ts";
import type { Exchange } from "#domain/exchange.ts";
import type { Observation } from "#domain/observation.ts";
import {
  aHistory,
  anExchange,
  aPod,
  aStream,
  leaving,
  RESET,
  seen,
} from "#test/support/builders.ts";
import { measureAlone } from "#test/support/measure-alone.ts";
import { deregistrationLatency } from "./deregistration-latency.ts";
import { judge } from "./judge.ts";

const fresh = aStream({ name: "fresh", type: "fresh" });
const measure = (...exchanges: Exchange[]) =>
  measureAlone(deregistrationLatency, aHistory({ load: [fresh], exchanges }));
const arrival = (connectedAtMs: number, fields: Partial<Exchange> = {}) =>
  anExchange({
    stream: "fresh",
    connection: "new",
    sentAtMs: connectedAtMs - 1,
    connectedAtMs,
    servedBy: "web-1",
    ...fields,
  });

/** Pods that are built have all one address. */
const isOf = (each: Observation, name: string) => each.type === "pod" && each.pod.name === name;

describe("deregistrationLatency", () => {
  it("is the time from the deletion to the last new connection that the pod answered", () => {
    expect(measure(arrival(3_900), arrival(4_080), arrival(4_110)).value).toBe(110);
  });

  it("is known only as well as the clocks of the load workers are", () => {
    const exchanges = [arrival(4_080), arrival(4_110)];
    const history = aHistory({ load: [fresh], exchanges });
    const workers = [
      { name: "load worker 0", clockBoundMs: 3 },
      { name: "load worker 1", clockBoundMs: 7 },
    ];
    const inside = { ...history, closing: { ...history.closing, workers } };
    const outside = measureAlone(deregistrationLatency, history).resolution ?? 0;
    expect(measureAlone(deregistrationLatency, inside).resolution).toBeCloseTo(outside + 7);
  });

  describe("from several vantage points", () => {
    const many = (from: readonly Partial<Exchange>[], beforeMs = 4_000) =>
      from.flatMap((fields) =>
        Array.from({ length: 10 }, (_, n) =>
          arrival(beforeMs - 100 - n, { servedBy: "web-2", ...fields }),
        ),
      );
    const GROUNDS = { doubts: [], terminations: 1, confidence: 0.95 };
    const through = (entrance: number) => ({ entrance, connectionId: entrance });
    const history = (exchanges: readonly Exchange[]) => {
      const { header, ...rest } = aHistory({ load: [fresh], exchanges });
      return { ...rest, header: { ...header, entrances: ["10.0.0.1", "10.0.0.2"] } };
    };
    const exchanges = [
      ...many([through(1), through(2)]),
      arrival(4_080, through(1)),
      arrival(4_110, through(2)),
    ];

    it("is told apart for each, the longest first", () => {
      const { evidence, summary } = measureAlone(deregistrationLatency, history(exchanges));
      expect(evidence.notes[0]).toContain(
        "until 110 ms (through entrance 2 (10.0.0.2) until 110 ms, entrance 1 (10.0.0.1) until 80 ms)",
      );
      expect(summary).toContain("seen from 2 vantage points, from each to 87 ms");
    });

    it("is known from each by its own rate, and a promise that this may break is not kept", () => {
      const whole = measureAlone(deregistrationLatency, history(exchanges));
      const { atWorst, resolution = 0 } = whole;
      // T0 is known to 1 s; R = 2 ready pods, 100/s: 43.3 ms by all connections, 86.6 ms by the half of them.
      expect(atWorst?.value).toBeCloseTo(1_000 + 110 + 2 * 43.28, 0);
      expect(resolution).toBeCloseTo(1_000 + 43.28, 1);
      const judgedBy = (limit: number) => {
        const measurement = { ...whole, resolution: limit / 10, doubts: [] };
        const threshold = {
          metric: whole.metric,
          operator: "<",
          limit,
          text: `<${limit}ms`,
        } as const;
        return evaluateThreshold(threshold, measurement, GROUNDS);
      };
      expect(judgedBy(1_197).verdict).toBe("pass");
      expect(judgedBy(1_196)).toMatchObject({
        verdict: "inconclusive",
        because: expect.stringContaining("Through entrance 2 (10.0.0.2) alone"),
      });
      expect(judgedBy(109).verdict).toBe("fail");
    });

    it("counts one that nobody reached the pod from by its silence since the deletion", () => {
      const silent = [
        ...many([through(1), through(2), through(2), through(2)]),
        arrival(4_080, through(2)),
      ];
      const { atWorst } = measureAlone(deregistrationLatency, history(silent));
      expect(atWorst?.value).toBeCloseTo(1_000 + 43.28 / (10 / 41), 0);
      expect(atWorst?.because).toContain("Through entrance 1 (10.0.0.1) alone");
    });

    it("takes each load worker for one", () => {
      const workers = ["worker a", "worker b"].map((name) => ({ name, clockBoundMs: 0 }));
      const of = (worker: number) => ({ connectionId: 2 + worker, entrance: 1 });
      const seen = [...many([of(0), of(1)]), arrival(4_080, of(0)), arrival(4_110, of(1))];
      const base = history(seen);
      const inside = { ...base, closing: { ...base.closing, workers } };
      expect(measureAlone(deregistrationLatency, inside).evidence.notes[0]).toContain(
        "(through worker b until 110 ms, worker a until 80 ms)",
      );
      expect(judge(inside, []).terminations[0]).toMatchObject({
        lastNewConnectionAtMs: 4_110,
        t4UncertaintyMs: expect.closeTo(86.56, 1),
        vantages: [
          { vantage: "worker b", lastNewConnectionAtMs: 4_110 },
          { vantage: "worker a", lastNewConnectionAtMs: 4_080 },
        ],
      });
    });

    it("is not told apart where all come from one", () => {
      const one = [...many([through(1)]), arrival(4_080, through(1))];
      const measured = measureAlone(deregistrationLatency, history(one));
      expect(measured).not.toHaveProperty("atWorst");
      expect(measured.evidence.notes[0]).not.toContain("through");
    });
  });

  it("does not take a request on a kept connection for a new one", () => {
    const reused = arrival(4_900, { connection: "reused" });
    const measured = measure(arrival(4_080), reused);
    expect(measured.value).toBe(80);
    expect(measured.evidence.notes[0]).toContain("reused until 899 ms");
  });

  it("does not count what another pod answered", () => {
    expect(measure(arrival(4_080), arrival(5_000, { servedBy: "web-2" })).value).toBe(80);
  });

  it("doubts itself when new connections failed without naming their pod", () => {
    const { servedBy: _, ...nameless } = arrival(4_500, { outcome: RESET });
    expect(measure(arrival(4_080), nameless).doubts).toHaveLength(1);
  });

  it("is not measured when new connections failed and no leaving pod answered one: that is no 0 ms", () => {
    const { servedBy: _, ...nameless } = arrival(4_500, { outcome: RESET });
    const measured = measure(arrival(3_900), nameless);
    expect(measured.value).toBeUndefined();
    expect(measured.summary).toContain("1 failed without naming a pod");
  });

  it("counts a failed connection that the data path led to the pod, and doubts nothing", () => {
    const { servedBy: _, ...nameless } = arrival(4_500, { outcome: RESET });
    const known = { ...nameless, localPort: 40_000, entrance: 1 };
    const word = { atMs: 4_501, entrance: 1, clientPort: 40_000, backend: "10.0.0.1" };
    const other = seen(0, aPod({ name: "web-2", ip: "10.0.0.2" }), "added");
    const observations = [other, ...leaving().filter((each) => !isOf(each, "web-2"))];
    const exchanges = [arrival(3_900), known];
    const history = aHistory({ load: [fresh], observations, exchanges });
    const dataPath = [{ ...word, refused: true }];
    const measured = measureAlone(deregistrationLatency, { ...history, dataPath });
    expect([measured.value, measured.doubts]).toEqual([500, []]);
  });

  it("is not measured when no pod names itself: silence then means nothing", () => {
    const { servedBy: _, ...nameless } = arrival(4_500);
    const measured = measure(nameless);
    expect(measured.value).toBeUndefined();
    expect(measured.summary).toContain("x-pod");
  });

  it("takes the silence of a pod that named itself before for its leaving the data path", () => {
    expect(measure(arrival(3_900)).value).toBe(0);
  });

  it("doubts itself when one of the leaving pods never named itself", () => {
    const other = leaving().map((observation) =>
      observation.type === "pod" && observation.pod.name === "web-1"
        ? { ...observation, pod: { ...observation.pod, name: "web-9", uid: "uid-web-9" } }
        : observation,
    );
    const observations = [...leaving(), ...other];
    const history = aHistory({ load: [fresh], observations, exchanges: [arrival(4_080)] });
    const measured = measureAlone(deregistrationLatency, history);
    expect([measured.value, measured.sample]).toEqual([80, 1]);
    expect(measured.doubts).toEqual(["1 leaving pods never named themselves on a new connection."]);
  });

  it("does not wait for the name of a pod that was never ready", () => {
    const unready = seen(4_500, aPod({ name: "web-3", ready: false }), "added");
    const deleted = { name: "web-3", ready: false, deletionTimestamp: "2026-11-24T10:00:14Z" };
    const observations = [...leaving(), unready, seen(5_000, aPod(deleted))];
    const history = aHistory({ load: [fresh], observations, exchanges: [arrival(4_080)] });
    expect(measureAlone(deregistrationLatency, history).doubts).toEqual([]);
  });

  it("is not measured without a fresh stream", () => {
    const history = aHistory({ exchanges: [anExchange({ servedBy: "web-1", sentAtMs: 4_100 })] });
    expect(measureAlone(deregistrationLatency, history).value).toBeUndefined();
  });

  it("is not measured by a fresh stream that no longer offers anything", () => {
    const arrival = { type: "ramp", fromPerSecond: 100, perSecond: 0, rampMs: 3_000 } as const;
    const load = [aStream({ name: "fresh", type: "fresh", arrival })];
    const exchanges = [anExchange({ stream: "fresh", servedBy: "web-1", connection: "new" })];
    const measured = measureAlone(deregistrationLatency, aHistory({ load, exchanges }));
    expect(measured.value).toBeUndefined();
    expect(measured.summary).toContain("no fresh stream at work");
  });

  it("is not measured when nothing terminated", () => {
    const history = aHistory({ load: [fresh], observations: [], exchanges: [arrival(4_100)] });
    expect(measureAlone(deregistrationLatency, history).value).toBeUndefined();
  });
});
