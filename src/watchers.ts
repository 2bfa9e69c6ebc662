import type { Report } from "#domain/report.ts";
import type { Progress } from "#ports/progress.ts";
import { fanOutProgress } from "#reporting/fan-out-progress.ts";
import { exportTrace, traceTarget } from "#reporting/otlp/export-trace.ts";
import { pushMetrics, requireGateway, serveMetrics } from "#reporting/prometheus/serve-metrics.ts";
import { openLiveView } from "./live-view.ts";

/*
 * The composition root of what follows runs while they go on, beside the terminal: a page in the browser,
 * metrics for Prometheus, a trace for whoever takes OpenTelemetry's.
 */

/** Who besides the terminal is to see the runs of this call; nobody unless asked for. */
export interface WatcherChoice {
  /** Serves a page on this port of loopback; 0 takes a free one. */
  readonly ui?: number;
  /** Where `/metrics` is served: `HOST:PORT`. */
  readonly metrics?: string;
  /** The Pushgateway that each finished run is pushed to. */
  readonly pushgateway?: string;
  /** The OTLP receiver that each finished run is sent to, as a trace. */
  readonly otlp?: string;
}

/** Everybody who follows the runs of this call. */
export interface Watchers {
  /** Of the page in the browser, if there is one. */
  readonly url?: string;
  follow(scenario: string): WatchedRun;
  stop(): Promise<void>;
}

/** One run, told to everybody who follows; the report ends it. */
export interface WatchedRun {
  readonly progress: Progress;
  finish(report: Report, directory: string): Promise<void>;
}

/** Opens what was chosen; if one of them cannot be opened, none is. */
export async function openWatchers(choice: WatcherChoice): Promise<Watchers> {
  const { ui, metrics, pushgateway, otlp } = choice;
  if (pushgateway !== undefined) requireGateway(pushgateway);
  const target = otlp === undefined ? undefined : traceTarget(otlp, process.env);
  await using opened = new AsyncDisposableStack();
  const served = metrics === undefined ? undefined : await serveMetrics(metrics);
  opened.defer(async () => await served?.stop());
  const view = ui === undefined ? undefined : await openLiveView(ui);
  opened.defer(async () => await view?.stop());
  const parts = opened.move();
  return {
    ...(view !== undefined && { url: view.url }),
    follow: (scenario) => {
      const shown = view?.follow(scenario);
      const counted = served?.follow(scenario);
      const places = [shown?.progress, counted].filter((place) => place !== undefined);
      return {
        progress: fanOutProgress(places),
        finish: async (report, directory) => {
          const { verdict, headline } = report;
          shown?.finish({ verdict, headline, directory });
          served?.finish(report);
          if (pushgateway !== undefined) await pushMetrics(report, pushgateway);
          if (target !== undefined) await exportTrace(report, target);
        },
      };
    },
    stop: () => parts.disposeAsync(),
  };
}
