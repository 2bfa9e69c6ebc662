import { describe, expect, it } from "vitest";
import type { Observation } from "#domain/observation.ts";
import type { Threshold } from "#domain/threshold.ts";
import { aHistory, anExchange, leaving, RESET } from "#test/support/builders.ts";
import { judge } from "./judge.ts";

/** A pod leaves from 4,000 ms on; looks are every 2 s. */
const look = (atMs: number, others: number, waited: number): Observation => ({
  ...{ type: "machine", atMs, forMs: 2_000, processors: 2 },
  ...{ others, waited, pressure: 0.9 },
});
const always = (others: number, waited: number) =>
  [2_000, 4_000, 6_000, 8_000].map((atMs) => look(atMs, others, waited));

const DROPPED: Threshold = {
  ...{ metric: "dropped-requests", operator: "=", limit: 0, text: "0" },
};
const LOST = [
  anExchange({ seq: 1, sentAtMs: 5_000, endedAtMs: 5_010 }),
  anExchange({ seq: 2, sentAtMs: 5_020, endedAtMs: 5_030, outcome: RESET }),
];

function judged(
  looks: readonly Observation[],
  { sharesMachine = true, exchanges = LOST, threshold = DROPPED } = {},
) {
  const history = aHistory({ observations: [...leaving(), ...looks], exchanges });
  const environment = {
    ...history.header.environment,
    ...(sharesMachine && { sharesMachine: true as const }),
  };
  return judge({ ...history, header: { ...history.header, environment } }, [threshold]);
}

describe("a failure on a machine that others had", () => {
  it("proves nothing, and says what to do", () => {
    const { verdict, voids = [] } = judged(always(0.8, 0.8));
    expect(verdict).toBe("inconclusive");
    expect(voids[0]).toContain("other programs had 80 % of its processors");
    expect(voids[0]).toContain("--repeat");
  });

  it("is the workload's own where the pods themselves had the machine, or nobody had to wait", () => {
    expect(judged(always(0.1, 0.9)).verdict).toBe("fail");
    expect(judged(always(0.9, 0.1)).verdict).toBe("fail");
    expect(judged([]).verdict).toBe("fail");
  });

  it("is excused by no short moment, nor by one in which no pod was leaving", () => {
    const moment = (atMs: number) =>
      always(0.1, 0.1).map((one) => (one.atMs === atMs ? look(atMs, 0.9, 0.9) : one));
    expect(judged(moment(2_000)).verdict).toBe("fail");
    expect(judged(moment(6_000)).verdict).toBe("inconclusive");
  });

  it("is the workload's own when some of it came while the machine was well", () => {
    const later = anExchange({ seq: 3, sentAtMs: 6_500, endedAtMs: 6_510, outcome: RESET });
    const looks = always(0.1, 0.1).map((one) => (one.atMs === 6_000 ? look(6_000, 0.9, 0.9) : one));
    expect(judged(looks, { exchanges: [...LOST, later] }).verdict).toBe("fail");
  });

  it("is the workload's own on a cluster that is elsewhere", () => {
    expect(judged(always(0.9, 0.9), { sharesMachine: false }).verdict).toBe("fail");
  });

  it("leaves what was kept as it is", () => {
    const { voids } = judged(always(0.9, 0.9), { exchanges: LOST.slice(0, 1) });
    expect(voids).toEqual([]);
  });
});
