import { describe, expect, it } from "vitest";
import type { FailureMark, Report, SeriesPoint } from "#domain/report.ts";
import { renderReport } from "#reporting/html/render-report.ts";
import { failingReport } from "./fixtures/failing-report.ts";
import { HOSTILE, hostileReport } from "./fixtures/hostile-report.ts";
import { inconclusiveReport } from "./fixtures/inconclusive-report.ts";
import { passingReport } from "./fixtures/passing-report.ts";

describe("renderReport", () => {
  it("says the verdict in words, in the heading and in the title", () => {
    expect(textOf(renderReport(passingReport()), "h1")).toMatch(/^Pass: Ten pods were replaced/);
    expect(textOf(renderReport(failingReport()), "title")).toMatch(/^Fail: 90 of 5,412 requests/);
    expect(textOf(renderReport(inconclusiveReport()), "h1")).toMatch(/^Inconclusive: No pod/);
  });

  it("shows each promise as it was asked beside what was measured", () => {
    const text = textOf(renderReport(failingReport()), 'section id="promises"');
    expect(text).toContain("Request error rate &lt;0.1% 1.85 % ≤ 2.35 % 5,412 Fail");
    expect(text).toContain("Deregistration latency &lt;2s 163 ms to within 7.1 ms");
  });

  it("shows the cause and the fix before the promises", () => {
    const page = renderReport(failingReport());
    expect(page.indexOf("Give the container a preStop sleep")).toBeLessThan(
      page.indexOf("Promises"),
    );
  });

  it("says how sure a cause is and by what, and never calls a hint the cause", () => {
    const [first] = failingReport().advice;
    if (first === undefined) throw new TypeError("The fixture has advice.");
    const advice = [{ ...first, hint: true } as const];
    const page = renderReport({ ...passingReport(), advice });
    expect(textOf(page, 'section id="advice"')).toContain(
      "Nothing was lost by it. Proven by 50 cases: fresh #2481 at 12.41 s: connect-refused; …",
    );
    expect(page).not.toContain("<b>Cause</b>");
  });

  it("shows every doubt, and why the run broke off", () => {
    const { closing, ...report } = inconclusiveReport();
    const page = renderReport({ ...report, closing: { ...closing, brokenOff: "Ctrl-C" } });
    expect(page).toContain("10 requests of stream reused were never sent");
    expect(page).toContain("<b>The run broke off:</b> Ctrl-C");
  });

  it("draws every failed request on the lane of its pod, or apart when nobody is to blame", () => {
    const report = failingReport();
    const page = renderReport(report);
    const marks = pageData(page).marks.length;
    expect(page.match(/<button type="button" class="mark/g)).toHaveLength(marks);
    expect(page).toContain('aria-label="Failed and slow requests of no known pod"');
    expect(page).toContain(`All ${report.marks.length} failed requests are drawn`);
  });

  it("admits that it draws an extract", () => {
    const report = failingReport();
    const page = renderReport({ ...report, marks: report.marks.slice(0, 10) });
    expect(page).toContain("10 of 95 failed requests are drawn");
  });

  it("shows each termination from T0, with its exit and what it cost", () => {
    const text = textOf(renderReport(failingReport()), 'section id="terminations"');
    expect(text).toMatch(
      /shop-7d9f8b6c5d-t9xgd 18\.71 s \+12 ms .* \+10 s 137, killed: grace spent 100 % of 10 s 9/,
    );
    expect(text).toMatch(
      /shop-7d9f8b6c5d-x2x4q 13\.85 s \+9 ms .* \+52 ms 143 Error 0\.52 % of 10 s 9/,
    );
  });

  it("shows an endpoint that was lost before the deletion was seen", () => {
    const report = failingReport();
    const terminations = report.terminations.map((termination) => ({
      ...termination,
      endpointNotReadyAtMs: termination.deletionRequestedAtMs - 3,
    }));
    const page = renderReport({ ...report, terminations });
    expect(textOf(page, 'section id="terminations"')).toContain("x2x4q 13.85 s −3 ms");
  });

  it("says at least, where the marks are an extract", () => {
    const report = failingReport();
    const page = renderReport({ ...report, marks: report.marks.slice(0, 10) });
    expect(textOf(page, 'section id="terminations"')).toMatch(/x2x4q .* of 10 s ≥ 6 shop/);
  });

  it("writes the exit code behind the lane, and that it was no free one", () => {
    const codes = [...renderReport(failingReport()).matchAll(/<text class="code[^>]*>([^<]*)</g)];
    expect(codes.map(([, text]) => text)).toEqual([
      ...Array(6).fill("143"),
      "137 killed",
      ...Array(3).fill("143"),
    ]);
  });

  it("leads from each request of the evidence to its mark", () => {
    const page = renderReport(failingReport());
    const promises = /<section id="promises">[\s\S]*?<\/section>/.exec(page)?.[0] ?? "";
    const links = [...promises.matchAll(/href="#(mark-\d+)"/g)].map(([, id]) => id);
    expect(links).toHaveLength(50);
    expect(links.filter((id) => !page.includes(` id="${id}"`))).toEqual([]);
  });

  it("begins the axis with the load, not with the set-up", () => {
    expect(pageData(renderReport(passingReport()))).toMatchObject({
      fromMs: 1400,
      untilMs: 31_740,
    });
  });

  it("calls an account that does not add up void", () => {
    const { closing, ...report } = passingReport();
    const streams = closing.streams.map((account) => ({
      ...account,
      scheduled: account.scheduled + 1,
    }));
    const page = renderReport({ ...report, closing: { ...closing, streams } });
    expect(page).toContain("no, the account is void");
    expect(renderReport(passingReport())).not.toContain("the account is void");
  });

  it("says which repetitions it was judged from", () => {
    const run = { number: 1, runId: "a", fromMs: 0, untilMs: 1 };
    const pool = { planned: 5, runs: [run, { ...run, number: 2 }], leftOut: [] };
    const report = passingReport();
    expect(renderReport({ ...report, header: { ...report.header, pool } })).toContain(
      "Judged as one: 2 of 2 runs, of at most 5.",
    );
    expect(renderReport(report)).not.toContain("Judged as one");
  });

  it("gives every chart a text, and its numbers as a table", () => {
    const page = renderReport(failingReport());
    const charts = page.match(/<svg [^>]*role="img"[^>]*>/g) ?? [];
    expect(charts).toHaveLength(20 + 9);
    expect(charts.every((chart) => / aria-label="[^"]{20,}"/.test(chart))).toBe(true);
    expect(page).toContain("Rate, latency and requests in flight as a table");
  });

  it("shows the feature word for word", () => {
    const text = textOf(renderReport(failingReport()), 'section id="feature"');
    expect(text).toContain("features/rolling-update.feature:5 Simulated rolling update");
    expect(text).toContain("Then the monitored metrics should satisfy: metric threshold request");
  });

  it("names images by the digest that ran", () => {
    expect(textOf(renderReport(failingReport()), 'section id="foundation"')).toContain(
      "registry.example/shop:7 registry.example/shop@sha256:9f2b4c1d77e0",
    );
  });

  it("sets latencies while pods were leaving beside those of the control phase", () => {
    const text = textOf(renderReport(failingReport()), 'section id="latency"');
    expect(text).toContain("fresh control 2,000 1.9 ms 2.6 ms 4.4 ms 9 ms 11 ms");
    expect(text).toContain("fresh pods leaving 2,616 2.1 ms 4.2 ms 61 ms 140 ms 212 ms");
    const report = { ...failingReport(), latencies: [] };
    expect(renderReport(report)).not.toContain('id="latency"');
  });

  it("names the vantage point from which the last new connection came, where there are several", () => {
    const report = failingReport();
    const vantages = (atMs: number | undefined) => [
      { vantage: "entrance 2 (10.0.0.2)", lastNewConnectionAtMs: 1, uncertaintyMs: 900 },
      { vantage: "entrance 1 (10.0.0.1)", lastNewConnectionAtMs: atMs ?? 2, uncertaintyMs: 10 },
    ];
    const terminations = report.terminations.map((each) => ({
      ...each,
      vantages: vantages(each.lastNewConnectionAtMs),
    }));
    const text = textOf(renderReport({ ...report, terminations }), 'section id="terminations"');
    expect(text).toMatch(/\+\d+ ms entrance 1 \(10\.0\.0\.1\)/);
    expect(text).not.toContain("entrance 2");
  });

  it("tells the latencies of each pod, the slowest first, and no more than help", () => {
    const [first] = failingReport().latencies ?? [];
    if (first === undefined) throw new TypeError("The fixture has latencies.");
    const pods = Array.from({ length: 30 }, (_, place) => ({
      ...(place > 0 && { pod: `shop-${place}` }),
      control: { answers: 1, p50Ms: place, p99Ms: place, maxMs: place },
      exposed: { answers: 0 },
    }));
    const report = { ...failingReport(), latencies: [{ ...first, pods }] };
    const text = textOf(renderReport(report), 'section id="latency"');
    expect(text).toContain("reused by pod: 30");
    expect(text).toMatch(/Distribution shop-29 control 1 .* shop-28 control 1/s);
    expect(text).not.toContain("shop-9 control");
    expect(text).toContain("The 20 slowest; result.json has all of them.");
    expect(textOf(renderReport(failingReport()), 'section id="latency"')).not.toContain("by pod");
  });

  it("draws answers that came late on the lane of their pod, and never counts them as failed", () => {
    const page = renderReport(failingReport());
    expect(page.match(/class="mark slow/g)).toHaveLength(3);
    expect(page).toContain("3 answers took more than twice as long as any before the disruption");
    expect(page).toContain("All 95 failed requests are drawn");
  });

  it("draws how many requests were in flight, where that is known", () => {
    expect(renderReport(failingReport())).not.toContain("Requests in flight on");
    const series = [{ stream: "fresh", atMs: 5_000, requests: 50, failures: 0, inFlight: 7.25 }];
    expect(renderReport({ ...failingReport(), series })).toContain(
      "Requests in flight on fresh: at most 7.25, at 5.000 s.",
    );
  });

  it("needs nothing from the network", () => {
    const page = renderReport(failingReport());
    expect(page).not.toMatch(/(?:src|href|url|import)\s*[=(]\s*["']?(?:https?:)?\/\//);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  it("lets no text from outside become an element, a script or an attribute", () => {
    const page = renderReport(hostileReport());
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toMatch(/<img|<svg onload|\p{Bidi_Control}|(?![\t\n])\p{Cc}/u);
    const known = new Set(renderReport(failingReport()).match(/<[a-z0-9]+|\s[a-z-]+="/g));
    const found = new Set(page.match(/<[a-z0-9]+|\s[a-z-]+="/g));
    expect(found.difference(known)).toEqual(new Set());
    expect(JSON.stringify(pageData(page).marks)).toContain(JSON.stringify(HOSTILE).slice(1, 40));
  });

  it("stays below 3 MB when a hundred thousand requests failed", () => {
    const page = renderReport(disastrousReport());
    expect(page.length).toBeLessThan(3_000_000);
    expect(page).toContain("All 100,000 failed requests are drawn");
  });

  it("renders a report in which nothing was measured", () => {
    const report: Report = {
      ...inconclusiveReport(),
      closing: { phases: [], streams: [] },
      results: [],
      ungated: [],
      doubts: [],
      lanes: [],
      series: [],
    };
    const page = renderReport(report);
    expect(page).toContain("The scenario asks for no threshold");
    expect(page.replace(/<script type="module">[\s\S]*/, "")).not.toMatch(/NaN|Infinity|undefined/);
  });
});

function pageData(page: string): { readonly marks: readonly unknown[] } {
  const json = /<script type="application\/json" id="report-data">(.*)<\/script>/.exec(page)?.[1];
  return JSON.parse(json ?? "") as { marks: unknown[] };
}

/** The text of the first such element, tags taken out and spaces folded. */
function textOf(page: string, opening: string): string {
  const tag = opening.split(" ")[0];
  const inner = new RegExp(`<${opening}[^>]*>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? "";
  return inner
    .replaceAll(/<\/?(?:span|svg|path|circle|rect|b)\b[^>]*>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/[\s\u00A0]+/g, " ")
    .trim();
}

function disastrousReport(): Report {
  const report = failingReport();
  const [fromMs, untilMs] = [1400, 36_000];
  const every = (count: number, index: number) => fromMs + ((untilMs - fromMs) * index) / count;
  const template = report.marks[9];
  if (template === undefined) throw new TypeError("The fixture has marks.");
  const marks: readonly FailureMark[] = Array.from({ length: 100_000 }, (_, seq) => {
    const pod = report.lanes[seq % 20]?.pod ?? "";
    return { ...template, seq, atMs: every(100_000, seq), pod };
  });
  const series: readonly SeriesPoint[] = ["reused", "fresh", "orders"].flatMap((stream) =>
    Array.from({ length: 2000 }, (_, index) => {
      const atMs = every(2000, index);
      return { stream, atMs, requests: 50, failures: 16, p50Ms: 1.234, p99Ms: 12.34, maxMs: 123.4 };
    }),
  );
  const [first] = report.closing.streams;
  const streams = first === undefined ? [] : [{ ...first, failed: 100_000, indeterminate: 0 }];
  return {
    ...report,
    closing: { ...report.closing, streams },
    marks,
    series,
    seriesBucketMs: 17.3,
  };
}
