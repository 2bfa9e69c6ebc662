import { describe, expect, it } from "vitest";
import { judge } from "#checkers/judge.ts";
import { renderMetrics } from "#reporting/prometheus/render-metrics.ts";
import { aHistory, anExchange, RESET } from "#test/support/builders.ts";

describe("renderMetrics", () => {
  const exchanges = [
    anExchange({ sentAtMs: 4_500 }),
    anExchange({ seq: 2, sentAtMs: 5_000, outcome: RESET }),
  ];
  const promise = { metric: "dropped-requests", operator: "=", limit: 0, text: "0" } as const;
  const report = judge(aHistory({ exchanges }), [promise]);

  it("names what was measured with its base unit, and the requests by outcome", async () => {
    const text = await renderMetrics(report);
    expect(text).toContain('lastcall_run_verdict{scenario="web",verdict="fail"} 1');
    expect(text).toContain('lastcall_run_verdict{scenario="web",verdict="pass"} 0');
    expect(text).toContain('lastcall_dropped_requests{scenario="web"} 1');
    expect(text).toContain('lastcall_request_error_rate_ratio{scenario="web"} 0.5');
    expect(text).toMatch(/lastcall_longest_gap_seconds\{scenario="web"\} [\d.]+/);
    expect(text).toContain(
      'lastcall_run_requests{scenario="web",stream="reused",outcome="indeterminate"} 1',
    );
  });

  it("leaves out what nobody measured", async () => {
    expect(await renderMetrics(report)).not.toContain("lastcall_deregistration_latency_seconds{");
  });
});
