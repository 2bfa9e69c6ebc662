import type { Report } from "#domain/report.ts";
import { RunMetrics } from "./run-metrics.ts";

/** One finished run in Prometheus' text format, for a textfile collector. */
export async function renderMetrics(report: Report): Promise<string> {
  const metrics = new RunMetrics();
  metrics.set(report);
  return await metrics.registry.metrics();
}
