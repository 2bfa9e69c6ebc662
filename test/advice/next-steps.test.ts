import { describe, expect, it } from "vitest";
import { judge } from "#checkers/judge.ts";
import type { StreamAccount } from "#domain/history.ts";
import { METRICS } from "#domain/metric.ts";
import { nextSteps } from "#domain/next-steps.ts";
import type { Report } from "#domain/report.ts";
import { aHistory, anExchange, leaving } from "#test/support/builders.ts";

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

  it.each([
    ["The run broke off: it was interrupted.", "come to its end"],
    ["The run broke off: ABORTED: too many errors.", "Remove what ended it"],
    ["100 of 4000 requests of kept could not be sent in time.", "more `connections`"],
    ["The load worker 2 was lost: evicted", "--load-workers"],
    ["The load generator itself failed on kept: EMFILE", "ulimit -n"],
    ["The ledger of kept does not add up: 5 scheduled, 4 settled.", "fault is Lastcall's"],
    ["The rolling update did not change the revision of any pod.", "does not have yet"],
    ["2 of 3 pods were never evicted; pod web-1 was refused", "kubectl get pdb"],
    ["No request was in flight at any of 4 pods when it got SIGTERM: offer more.", "--slow-path"],
    ["The watch of the cluster was blind or late 2 time(s) while", "API server is less busy"],
    ["It was measured to 200 ms only, and <1s needs 100 ms. Offer more", "of the rarest stream"],
    ["No leaving pod ever named itself in an answer (header x-pod), so", "x-pod"],
    ["3 transactions that met a leaving pod were cut short; drain longer.", "timing.drain"],
  ])("answers %j", (reason, step) => {
    const report = { ...afterRun({}), verdict: "inconclusive", voids: [reason] };
    expect(nextSteps(report as Report)).toEqual([expect.stringContaining(step)]);
  });
});
