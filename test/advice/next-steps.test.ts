import { describe, expect, it } from "vitest";
import { judge } from "#checkers/judge.ts";
import type { Disruption } from "#domain/disruption.ts";
import type { Exchange } from "#domain/exchange.ts";
import type { HistoryClosing, StreamAccount } from "#domain/history.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import { METRICS, type MetricName } from "#domain/metric.ts";
import { nextSteps } from "#domain/next-steps.ts";
import type { Observation } from "#domain/observation.ts";
import type { Report } from "#domain/report.ts";
import { aHistory, anExchange, aStream, leaving } from "#test/support/builders.ts";

/* What an uncertain run asks for next, by the words that the checkers really say. */
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
const rate = { metric: "request-error-rate", operator: "<", limit: 0.001, text: "<0.1%" } as const;

interface Circumstances {
  readonly account?: Partial<StreamAccount>;
  readonly closing?: Partial<HistoryClosing>;
  readonly observations?: readonly Observation[];
  readonly disruptions?: readonly Disruption[];
  readonly exchanges?: readonly Exchange[];
  readonly metric?: MetricName;
  readonly load?: readonly LoadStream[];
}

const workload = { kind: "Deployment", namespace: "default", name: "web" } as const;
const RESTART = { type: "rolling-update", workload } as const;
const EVICTION = { type: "evict-pods", workload, count: 1 } as const;
const LOST = { name: "load worker 2", clockBoundMs: 1, lost: "evicted" };
const BLIND: Observation = {
  type: "watch-gap",
  atMs: 3_000,
  untilMs: 9_500,
  resource: "pods",
  reason: "late",
};
const OLD = leaving({}).map((each) =>
  each.type === "pod" ? { ...each, pod: { ...each.pod, revision: "old" } } : each,
);
const FRESH = {
  exchanges: exchanges.map(({ servedBy: _, ...each }) => ({ ...each, connection: "new" as const })),
  load: [aStream({ type: "fresh" })],
};
const UNSENT = exchanges.map((each) =>
  each.seq % 40 === 0
    ? { ...each, outcome: { type: "undelivered", reason: "no-free-connection" } as const }
    : each,
);
/** Once a second cannot carry a promise of less than that. */
const RARE = aStream({ arrival: { type: "constant", perSecond: 1 } });

function judgedIn(circumstances: Circumstances): Report {
  const { metric = rate.metric, disruptions = [], load = [aStream()] } = circumstances;
  const { observations = leaving({}), exchanges: sent = exchanges } = circumstances;
  const { header, closing, ...rest } = aHistory({ exchanges: sent, observations, load });
  const streams = closing.streams.map((one) => ({ ...one, ...circumstances.account }));
  const history = {
    ...rest,
    header: { ...header, disruptions },
    closing: { ...closing, streams, ...circumstances.closing },
  };
  return judge(history, [{ ...rate, metric }]);
}

function afterRun(fields: Partial<StreamAccount>, ...observations: Parameters<typeof leaving>) {
  const streams = [{ ...account, ...fields }];
  const history = aHistory({ exchanges, observations: leaving(...observations) });
  return judge({ ...history, closing: { ...history.closing, streams } }, [rate]);
}

describe("nextSteps", () => {
  it("has none for a run that passed or failed", () => {
    const report = afterRun({ late: 900 });
    expect(nextSteps({ ...report, verdict: "fail" })).toEqual([]);
    expect(nextSteps({ ...report, verdict: "pass" })).toEqual([]);
  });

  it("asks a busy machine for less beside it, and for repetitions", () => {
    expect(nextSteps(afterRun({ late: 900 }))).toEqual([
      expect.stringMatching(/less else on this machine.*--repeat 3/),
    ]);
  });

  it("asks for a step that makes pods leave where none did, once for all promises", () => {
    const history = aHistory({ exchanges, observations: [] });
    const steps = nextSteps(judge(history, [rate, { ...rate, metric: "forced-kills" }]));
    expect(
      steps.filter((step) => step.includes("When a Deployment update is performed")),
    ).toHaveLength(1);
  });

  it("asks for repetitions where the sample is small, whatever else is measured", () => {
    const few = aHistory({ exchanges: exchanges.slice(0, 400), observations: leaving({}) });
    expect(nextSteps(judge(few, [rate]))).toContainEqual(expect.stringContaining("--repeat N"));
  });

  it.each(METRICS.map(({ name }) => name))("knows a step where %s was not measured", (metric) => {
    const report = judge(aHistory({ exchanges: [], observations: [] }), [{ ...rate, metric }]);
    const { doubts, voids, ...unmeasured } = report;
    expect(nextSteps({ ...unmeasured, doubts: [] })).not.toContainEqual(
      expect.stringContaining("docs/verdicts.md"),
    );
  });

  it("says where to read on for a reason that nobody knew", () => {
    const report = { ...afterRun({}), verdict: "inconclusive", voids: ["The moon was full."] };
    expect(nextSteps(report as Report)).toEqual([expect.stringContaining("docs/verdicts.md")]);
  });

  it.each<[string, Circumstances, string]>([
    ["was interrupted", { closing: { brokenOff: "it was interrupted." } }, "come to its end"],
    ["was ended", { closing: { brokenOff: "ABORTED: errors." } }, "Remove what ended it"],
    ["sent too little", { exchanges: UNSENT }, "more `connections`"],
    ["lost a worker", { closing: { workers: [LOST] } }, "--load-workers"],
    ["could not send", { account: { harnessFailures: ["EMFILE"] } }, "ulimit -n"],
    ["lost count", { account: { scheduled: 4_001 } }, "fault is Lastcall's"],
    ["changed nothing", { observations: OLD, disruptions: [RESTART] }, "not have yet"],
    ["met nobody at work", { exchanges: [], disruptions: [EVICTION] }, "--slow-path"],
    ["did not see all", { observations: [...leaving({}), BLIND] }, "API server is less busy"],
    ["knows no pod by name", { ...FRESH, metric: "deregistration-latency" }, "x-pod"],
    ["looked too rarely", { metric: "longest-gap", load: [RARE] }, "of the rarest stream"],
  ])("knows a step for a run that %s, by what the judge says of it", (_, circumstances, step) => {
    const report = judgedIn(circumstances);
    expect(nextSteps({ ...report, verdict: "inconclusive" })).toContainEqual(
      expect.stringContaining(step),
    );
  });

  it.each([
    ["2 of 3 pods were never evicted; pod web-1 was refused", "kubectl get pdb"],
    ["3 transactions that met a leaving pod were cut short; drain longer.", "timing.drain"],
  ])("answers %j", (reason, step) => {
    const report = { ...afterRun({}), verdict: "inconclusive", voids: [reason] };
    expect(nextSteps(report as Report)).toEqual([expect.stringContaining(step)]);
  });
});
