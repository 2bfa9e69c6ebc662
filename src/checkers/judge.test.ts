import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import type { StreamAccount } from "#domain/history.ts";
import type { Observation } from "#domain/observation.ts";
import type { Threshold } from "#domain/threshold.ts";
import {
  aHistory,
  anExchange,
  aPod,
  aRecipe,
  aStream,
  leaving,
  RESET,
  seen,
} from "#test/support/builders.ts";
import { judge } from "./judge.ts";

const errorRate: Threshold = {
  metric: "request-error-rate",
  operator: "<",
  limit: 0.001,
  text: "<0.1%",
};
const account: StreamAccount = {
  stream: "reused",
  scheduled: 4_000,
  ok: 4_000,
  failed: 0,
  indeterminate: 0,
  undelivered: 0,
  late: 0,
  worstLoopDelayMs: 1,
  harnessFailures: [],
};
const exchanges = Array.from({ length: 4_000 }, (_, i) =>
  anExchange({ seq: i, scheduledAtMs: 4_000 + i / 2, servedBy: "web-1" }),
);
const healthy = aHistory({ exchanges });
const withAccount = (fields: Partial<StreamAccount>) =>
  aHistory({
    exchanges,
    closing: { ...healthy.closing, streams: [{ ...account, ...fields }] },
  });

describe("judge", () => {
  it("passes a healthy history", () => {
    expect(judge(withAccount({}), [errorRate]).verdict).toBe("pass");
  });

  it("gives the same report each time it reads the same history", () => {
    expect(judge(healthy, [errorRate])).toEqual(judge(healthy, [errorRate]));
  });

  it("says in the headline that the workload had changes that its manifests do not have", () => {
    const header = { ...healthy.header, recipe: aRecipe({ patches: ["spec: a", "spec: b"] }) };
    const { headline } = judge({ ...healthy, header }, [errorRate]);
    expect(headline).toContain("1 pods of web with 2 advised changes that its manifests do not");
  });

  it("is inconclusive when no promise was asked", () => {
    expect(judge(healthy, []).verdict).toBe("inconclusive");
  });

  it("is inconclusive when nothing terminated", () => {
    const report = judge(aHistory({ exchanges, observations: leaving().slice(0, 3) }), [errorRate]);
    expect(report.verdict).toBe("inconclusive");
    expect(report.doubts).toContain("No pod terminated, so nothing was put to the test.");
  });

  it.each([
    ["requests could not be sent in time", { undelivered: 1, ok: 3_999 }],
    ["a stream offered nothing", { scheduled: 0, ok: 0 }],
  ])("is inconclusive when %s", (_, fields) => {
    expect(judge(withAccount(fields), [errorRate]).verdict).toBe("inconclusive");
  });

  it.each([
    ["the ledger does not add up", { ok: 3_999 }],
    ["the generator itself failed", { harnessFailures: ["EMFILE"] }],
    ["the generator was late", { late: 41 }],
  ])("proves nothing, not even a failure, when %s", (_, fields) => {
    const failing = [...exchanges, anExchange({ sentAtMs: 5_000, outcome: RESET })];
    const closing = { ...healthy.closing, streams: [{ ...account, ...fields }] };
    expect(judge(aHistory({ exchanges: failing, closing }), [errorRate]).verdict).toBe(
      "inconclusive",
    );
  });

  it("holds lateness against the whole load, not against a rare stream", () => {
    const rare = { ...account, stream: "wait", scheduled: 50, ok: 50, late: 1 };
    const closing = { ...healthy.closing, streams: [account, rare] };
    expect(judge(aHistory({ exchanges, closing }), [errorRate]).verdict).toBe("pass");
  });

  it("is inconclusive when no SIGTERM met a request in flight", () => {
    const { header } = healthy;
    const disruptions = [{ type: "delete-pods", workload: header.workload, count: 1 }] as const;
    const asked = { ...healthy, header: { ...header, disruptions } };
    expect(judge(asked, [errorRate]).verdict).toBe("pass");
    const idle = exchanges.filter(({ sentAtMs }) => sentAtMs > 4_000);
    const { closing } = aHistory({ exchanges: idle });
    expect(judge({ ...asked, exchanges: idle, closing }, [errorRate]).doubts).toEqual([
      "No request was in flight at any of 1 pods when it got SIGTERM: offer requests that take longer than preStop.",
    ]);
  });

  it("says for how many terminations something was in flight", () => {
    const deletionTimestamp = "2026-11-24T10:00:14Z";
    const idle = seen(6_500, aPod({ name: "web-2", revision: "new", deletionTimestamp }));
    const { headline } = judge({ ...healthy, observations: [...leaving(), idle] }, [errorRate]);
    expect(headline).toContain(
      "2 pods of web (1 with requests in flight at SIGTERM) were terminated",
    );
  });

  it("does not show a number of requests in flight where no answer names its pod", () => {
    const inFlightOf = (exchange: Partial<Exchange>) =>
      judge(aHistory({ exchanges: [anExchange({ sentAtMs: 3_999, ...exchange })] }), [])
        .terminations[0]?.inFlightAtSigterm;
    expect(inFlightOf({})).toBeUndefined();
    expect(inFlightOf({ servedBy: "web-2" })).toBe(0);
    expect(inFlightOf({ servedBy: "web-1" })).toBe(1);
  });

  it("places what the load met on the timeline, with how far off it may be", () => {
    const load = [aStream({ type: "fresh", name: "fresh" })];
    const met = [
      { connection: "new", sentAtMs: 4_049, connectedAtMs: 4_050 },
      { connection: "reused", sentAtMs: 4_300, endedAtMs: 5_000 },
    ] as const;
    const fresh = met.map((each) => anExchange({ ...each, stream: "fresh", servedBy: "web-1" }));
    const [termination] = judge(aHistory({ load, exchanges: fresh }), []).terminations;
    expect(termination).toMatchObject({
      sigtermAtMs: 4_000,
      inFlightAtSigterm: 0,
      lastNewConnectionAtMs: 4_050,
      lastReusedRequestAtMs: 4_300,
      lastAnswerAtMs: 5_000,
      t7UncertaintyMs: 900,
    });
    expect(termination?.t4UncertaintyMs).toBeCloseTo(30 / Math.LN2, 6); // 100/s over two endpoints
  });

  it("tells how long answers took before the disruption and during it", () => {
    const answer = (sentAtMs: number, ms: number) =>
      anExchange({ sentAtMs, endedAtMs: sentAtMs + ms });
    const exchanges = [
      ...Array.from({ length: 200 }, (_, i) => answer(1_000 + i, 5)),
      ...Array.from({ length: 100 }, (_, i) => answer(4_500 + i, 50)),
      answer(8_000, 900), // neither
      anExchange({ sentAtMs: 4_600, endedAtMs: 9_000, outcome: RESET }),
    ];
    const [latency] = judge(aHistory({ exchanges }), []).latencies ?? [];
    expect(latency).toMatchObject({
      control: { answers: 200, maxMs: 5 },
      exposed: { answers: 100, maxMs: 50 },
      perTermination: { p50Ms: [50], p99Ms: [50] },
    });
  });

  it("tells latencies by the pod that answered, and the stream's own is their sum", () => {
    const answer = (seq: number, servedBy: string | undefined, sentAtMs: number) =>
      anExchange({ seq, servedBy, sentAtMs, endedAtMs: sentAtMs + 10 * (seq + 1) });
    const exchanges = [
      answer(0, "web-1", 1_000),
      answer(1, "web-2", 1_001),
      answer(2, "web-2", 4_500),
      answer(3, undefined, 4_600),
    ];
    const [latency] = judge(aHistory({ exchanges }), []).latencies ?? [];
    expect(latency?.pods).toMatchObject([
      { pod: "web-1", control: { answers: 1, maxMs: 10 }, exposed: { answers: 0 } },
      { pod: "web-2", control: { answers: 1, maxMs: 20 }, exposed: { answers: 1, maxMs: 30 } },
      { control: { answers: 0 }, exposed: { answers: 1, maxMs: 40 } },
    ]);
    expect(latency?.pods?.[2]).not.toHaveProperty("pod");
    expect(latency).toMatchObject({
      control: { answers: 2, maxMs: 20 },
      exposed: { answers: 2, maxMs: 40 },
    });
  });

  it("tells so many pods apart that memory stays bounded, and loses no answer", () => {
    const exchanges = Array.from({ length: 300 }, (_, seq) =>
      anExchange({ seq, servedBy: `web-${seq}`, sentAtMs: 1_000 + seq }),
    );
    const [latency] = judge(aHistory({ exchanges }), []).latencies ?? [];
    expect(latency?.pods).toHaveLength(257);
    expect(latency?.pods?.at(-1)).toMatchObject({ control: { answers: 44 } });
    expect(latency?.control.answers).toBe(300);
  });

  it("does not test what was replaced before the load began, nor what left after it", () => {
    const shifted = (byMs: number) =>
      leaving().map((each) => ({ ...each, atMs: each.atMs + byMs }));
    const phases = [
      { name: "control", startedAtMs: 7_000, endedAtMs: 8_000, demandedMs: 0 },
      { name: "recovery", startedAtMs: 9_000, endedAtMs: 10_000, demandedMs: 0 },
    ] as const;
    const closing = { ...healthy.closing, phases };
    for (const observations of [leaving(), shifted(8_000)]) {
      const report = judge({ ...healthy, closing, observations }, [errorRate]);
      expect(report.terminations).toEqual([]);
      expect(report.verdict).toBe("inconclusive");
    }
  });

  it("is inconclusive when the watch was blind while load was offered", () => {
    const gap = {
      type: "watch-gap",
      atMs: 4_500,
      untilMs: 4_700,
      resource: "pods",
      reason: "410 Gone",
    } as const;
    const observations = [...leaving(), gap];
    expect(judge(aHistory({ exchanges, observations }), [errorRate]).verdict).toBe("inconclusive");
  });

  it("reports failures outside every window apart, and does not judge by them", () => {
    const stray = anExchange({ sentAtMs: 1_000, outcome: RESET });
    const report = judge(aHistory({ exchanges: [stray, ...exchanges] }), [errorRate]);
    expect(report.verdict).toBe("pass");
    expect(report.background).toEqual({ requests: 1, failures: 1 });
  });

  it("shows what nobody gated as ungated", () => {
    const metrics = judge(healthy, [errorRate]).ungated.map(({ metric }) => metric);
    expect(metrics).toContain("longest-gap");
    expect(metrics).not.toContain("request-error-rate");
  });

  it("blames a failure on the pod that answered earlier on its connection", () => {
    const shared = { connectionId: 7, sentAtMs: 5_000 };
    const report = judge(
      aHistory({
        exchanges: [
          anExchange({ ...shared, servedBy: "web-1" }),
          anExchange({ ...shared, sentAtMs: 5_100, outcome: RESET }),
        ],
      }),
      [errorRate],
    );
    expect(report.marks[0]).toMatchObject({
      pod: "web-1",
      attribution: "same-connection",
      phase: "after-sigterm",
    });
  });

  it("shows the workload as it was before the first pod left", () => {
    const workload = (atMs: number, desired: number): Observation => ({
      type: "workload",
      atMs,
      workload: {
        kind: "Deployment",
        name: "web",
        generation: 1,
        desired,
        ready: 2,
        updated: 2,
        available: 2,
      },
    });
    const observations = [workload(0, 2), ...leaving(), workload(4_500, 1)];
    expect(judge(aHistory({ observations }), []).workload).toMatchObject({ desired: 2 });
  });

  it("says which doubts void the run", () => {
    expect(judge(healthy, []).voids).toEqual([]);
    expect(judge(withAccount({ late: 41 }), []).voids).toHaveLength(1);
  });

  it("keeps marks of every stream, however many the first one has", () => {
    const failures = Array.from({ length: 6_000 }, (_, seq) => anExchange({ seq, outcome: RESET }));
    const last = anExchange({ stream: "fresh", outcome: RESET });
    const load = [aStream(), aStream({ type: "fresh", name: "fresh" })];
    const { marks } = judge(aHistory({ load, exchanges: [...failures, last] }), []);
    expect(marks.filter(({ stream }) => stream === "fresh")).toHaveLength(1);
    expect(marks).toHaveLength(2_501);
  });
});
