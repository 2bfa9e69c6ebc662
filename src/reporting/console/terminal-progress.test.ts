import { describe, expect, it } from "vitest";
import type { MetricName } from "#domain/metric.ts";
import type { Progress } from "#ports/progress.ts";
import { createProgress } from "./terminal-progress.ts";

describe("createProgress without a terminal", () => {
  it("writes a line at each phase and at most one a second between", () => {
    const { progress, text } = opened({});
    progress.phase("control", 1000);
    reports(progress, { fromMs: 1000, untilMs: 3500, everyMs: 100, requests: 20 });
    progress.phase("disruption", 3550);
    expect(text().trimEnd().split("\n")).toEqual([
      "   1.0 s  control",
      "   2.0 s  control  200/s  220 requests  0 failed  4 in flight",
      "   3.0 s  control  200/s  420 requests  0 failed  4 in flight",
      "   3.5 s  disruption  200/s  520 requests  0 failed  4 in flight",
    ]);
  });

  it("shows the pods by state, and leaves out states that no pod is in", () => {
    const { progress, text } = opened({});
    progress.pods({ ready: 9, terminating: 1, pending: 0 });
    progress.phase("disruption", 12_400);
    expect(text()).toBe("  12.4 s  disruption  pods: 9 ready, 1 terminating\n");
  });

  it("drops the rate when the load has ended", () => {
    const { progress, text } = opened({});
    reports(progress, { fromMs: 0, untilMs: 1000, everyMs: 500, requests: 50 });
    progress.phase("drain", 1100);
    expect(text().trimEnd().split("\n").at(-1)).toBe("   1.1 s  drain  150 requests  0 failed");
  });

  it("does not let a note move the cursor", () => {
    const { progress, text } = opened({});
    progress.note("pod \u001b[2Jweb\nfell");
    expect(text()).toBe("pod \uFFFD[2Jweb fell\n");
  });

  it("names the disruption", () => {
    const { progress, text } = opened({});
    const workload = { kind: "Deployment", namespace: "shop", name: "shop" } as const;
    progress.disruption({ type: "rolling-update", workload });
    expect(text()).toBe("rolling update of shop\n");
  });
});

describe("createProgress on a terminal", () => {
  it("renews one line, within the width, and never ends it", () => {
    const { progress, text } = opened({ isTTY: true, columns: 30 });
    progress.pods({ ready: 10 });
    progress.phase("disruption", 12_400);
    const lines = text().split("\r\u001b[K");
    expect(lines.at(-1)).toBe("  12.4 s  disruption  pods: …");
    expect(lines.every((line) => line.length < 30)).toBe(true);
    expect(text()).not.toContain("\n");
  });

  it("shows below it how the promises stand, and writes over all of it", () => {
    const { progress, text } = opened({ isTTY: true, columns: 100 });
    const promise = (metric: MetricName, limit: number, soFar?: number) => ({
      threshold: { metric, operator: "<", limit, text: `<${limit}` } as const,
      ...(soFar !== undefined && { soFar }),
    });
    progress.phase("disruption", 2000);
    progress.promises([
      promise("request-error-rate", 0.1, 0.25),
      promise("forced-kills", 1, 0),
      promise("deregistration-latency", 2000),
    ]);
    progress.note("a pod left");
    const panel = [
      "   2.0 s  disruption",
      "            Request error rate <0.1       25 %  broken so far",
      "            Forced kills <1                  0  kept so far",
      "            Deregistration latency <2000        judged at the end",
    ].join("\n");
    expect(text()).toBe(
      `\r\u001b[K   2.0 s  disruption\r\u001b[K${panel}\r\u001b[3A\u001b[Ja pod left\n\r\u001b[K${panel}`,
    );
  });

  it("puts a note above the live line", () => {
    const { progress, text } = opened({ isTTY: true, columns: 80 });
    progress.phase("control", 2000);
    progress.note("10 pods are ready.");
    expect(text()).toBe(
      [
        "\r\u001b[K   2.0 s  control",
        "\r\u001b[K10 pods are ready.\n",
        "\r\u001b[K   2.0 s  control",
      ].join(""),
    );
  });

  it("leaves an empty line behind when it ends", () => {
    const { progress, text } = opened({ isTTY: true, columns: 80 });
    progress.phase("teardown", 2000);
    progress.end();
    progress.end();
    expect(text()).toBe("\r\u001b[K   2.0 s  teardown\r\u001b[K");
  });

  it("does not write what already stands there", () => {
    const { progress, text } = opened({ isTTY: true });
    progress.phase("control", 2000);
    const before = text();
    progress.pods({});
    expect(text()).toBe(before);
  });
});

function opened(options: { readonly isTTY?: boolean; readonly columns?: number }) {
  const written: string[] = [];
  const progress = createProgress({ ...options, write: (part) => written.push(part) });
  return { progress, text: () => written.join("") };
}

function reports(
  progress: Progress,
  {
    fromMs,
    untilMs,
    everyMs,
    requests,
  }: {
    readonly fromMs: number;
    readonly untilMs: number;
    readonly everyMs: number;
    readonly requests: number;
  },
): void {
  for (let atMs = fromMs; atMs <= untilMs; atMs += everyMs) {
    progress.load([{ stream: "reused", requests, failures: 0, inFlight: 4 }], atMs);
  }
}
