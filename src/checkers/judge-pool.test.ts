import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import type { History } from "#domain/history.ts";
import type { MetricName } from "#domain/metric.ts";
import type { Observation } from "#domain/observation.ts";
import { poolHistories } from "#domain/pool-histories.ts";
import type { Threshold } from "#domain/threshold.ts";
import { aHistory, anExchange, aPod, leaving, RESET, seen } from "#test/support/builders.ts";
import { judge } from "./judge.ts";

const errorRate: Threshold = {
  metric: "request-error-rate",
  operator: "<",
  limit: 0.001,
  text: "<0.1%",
};

/** 2,000 exposed requests, some of them lost. */
function repetition(lost: number, fields: Partial<History> = {}): History {
  const exchanges = Array.from({ length: 2_000 }, (_, seq) =>
    anExchange({
      seq,
      scheduledAtMs: 4_000 + seq,
      servedBy: "web-1",
      ...(seq < lost && { outcome: RESET }),
    }),
  );
  return { ...aHistory({ exchanges }), ...fields };
}

function measured(histories: readonly History[], metric: MetricName) {
  return judge(poolHistories(histories, 2), []).ungated.find((each) => each.metric === metric);
}

describe("judging a pool of repetitions", () => {
  it("takes the rate over the exposed requests of all", () => {
    const rate = measured([repetition(0), repetition(4)], "request-error-rate");
    expect(rate).toMatchObject({ value: 4 / 4_000, sample: 4_000 });
  });

  it("is sure of what one repetition could not carry, at the price of the looks it may take", () => {
    const verdict = (count: number, planned: number) =>
      judge(
        poolHistories(
          Array.from({ length: count }, () => repetition(0)),
          planned,
        ),
        [errorRate],
      ).verdict;
    expect([verdict(1, 3), verdict(2, 1), verdict(2, 3), verdict(3, 3)]).toEqual([
      "inconclusive", // 2,000 requests
      "pass", // 4,000, where 2,995 are enough
      "inconclusive", // with three looks at 98.3 % it takes 4,093
      "pass",
    ]);
  });

  it("says what is missing in terminations like those of the pool", () => {
    const { results } = judge(poolHistories([repetition(0), repetition(0)], 3), [errorRate]);
    expect(results[0]?.because).toContain(
      "About 93 more exposed requests without a failure are needed: 1 more termination, at 2000",
    );
  });

  it("counts cases by the worst repetition: a promise about a number is one about a run", () => {
    const dropped = measured([repetition(1), repetition(3)], "dropped-requests");
    expect(dropped).toMatchObject({
      value: 3,
      counts: [{ failures: 4, tried: 4_000 }],
      summary: "4 of 4000 exposed requests got no complete answer, at most 3 in one of 2 runs",
    });
  });

  it("knows no gap between two repetitions, where no load is offered", () => {
    const alone = judge(repetition(0), []).gaps?.[0];
    const pooled = judge(poolHistories([repetition(0), repetition(0)], 2), []).gaps?.[0];
    expect(pooled).toEqual(alone);
    const lost = anExchange({ sentAtMs: 1_000, outcome: RESET });
    const later = { ...repetition(0), exchanges: [lost, anExchange({ sentAtMs: 9_000 })] };
    expect(judge(poolHistories([repetition(0), later], 2), []).gaps?.[0]).toMatchObject({
      fromMs: 12_000,
      lengthMs: 8_005,
    });
  });

  it("does not take the ready endpoints of one repetition for those of the next", () => {
    const workload: Observation = {
      type: "workload",
      atMs: 0,
      workload: {
        kind: "Deployment",
        name: "web",
        generation: 1,
        desired: 2,
        ready: 2,
        updated: 2,
        available: 2,
      },
    };
    const one = repetition(0, { observations: [workload, ...leaving()] });
    expect(measured([one, one], "capacity")).toMatchObject({ value: 0.5, cases: [0.5, 0.5] });
  });

  it("knows what came before the first deletion in each repetition", () => {
    const at = (sentAtMs: number, count: number, lost = 0) =>
      Array.from({ length: count }, (_, n) =>
        anExchange({ sentAtMs, ...(n < lost && { outcome: RESET }) }),
      );
    const one = aHistory({ exchanges: [...at(1_000, 500), ...at(8_000, 200, 8)] });
    const calm = aHistory({ exchanges: at(1_000, 10_000) });
    // Among the 10,000 of the second control the 8 of 200 would not be seen.
    expect(judge(poolHistories([one, calm], 2), []).doubts).toEqual([
      "8 of 200 requests failed after the first deletion and outside every exposure, " +
        "more than the 0 of 10500 before it explain.",
    ]);
  });

  it("tells the pods of the repetitions apart", () => {
    const one = repetition(0);
    const met = (at: number): Exchange => anExchange({ sentAtMs: at, servedBy: "web-1" });
    const pool = poolHistories(
      [
        { ...one, exchanges: [met(4_100)] },
        { ...one, exchanges: [met(4_700)] },
      ],
      2,
    );
    expect(judge(pool, []).terminations).toMatchObject([
      { pod: "web-1 (run 1)", deletionRequestedAtMs: 4_000, lastReusedRequestAtMs: 4_100 },
      { pod: "web-1 (run 2)", deletionRequestedAtMs: 15_000, lastReusedRequestAtMs: 15_700 },
    ]);
  });

  it("knows its pods no longer than their repetition", () => {
    const { lanes } = judge(poolHistories([repetition(0), repetition(0)], 2), []);
    expect(lanes.map(({ pod, watchedUntilMs }) => [pod, watchedUntilMs])).toEqual([
      ["web-1 (run 1)", 10_000],
      ["web-2 (run 1)", 10_000],
      ["web-1 (run 2)", 21_000],
      ["web-2 (run 2)", 21_000],
    ]);
    expect(judge(repetition(0), []).lanes[0]).not.toHaveProperty("watchedUntilMs");
  });

  it("doubts a pool in which one rolling update changed nothing", () => {
    const base = aHistory();
    const disruptions = [{ type: "rolling-update", workload: base.header.workload }] as const;
    const header = { ...base.header, disruptions };
    const unchanged = leaving().map((each) =>
      each.type === "pod" ? { ...each, pod: { ...each.pod, revision: "same" } } : each,
    );
    const next = seen(4_500, aPod({ name: "web-3", revision: "next" }), "added");
    const [good, bad] = [
      repetition(0, { header, observations: [...leaving(), next] }),
      repetition(0, { header, observations: unchanged }),
    ];
    expect(judge(poolHistories([good, good], 2), []).doubts).toEqual([]);
    expect(judge(poolHistories([good, bad], 2), []).doubts).toEqual([
      "The rolling update did not change the revision of any pod.",
    ]);
  });
});
