import { Counter, Gauge, type Registry, type RegistryContentType } from "prom-client";
import { PHASES } from "#domain/phase.ts";
import type { Progress } from "#ports/progress.ts";

/** What goes on now, for Prometheus: counters that only grow, and gauges of this moment. */
export class LiveMetrics {
  readonly #phase: Gauge;
  readonly #requests: Counter;
  readonly #failures: Counter;
  readonly #inFlight: Gauge;
  readonly #pods: Gauge;
  readonly #disruptions: Counter;

  constructor(registry: Registry<RegistryContentType>) {
    const registers = [registry];
    const gauge = (name: string, help: string, label: string) =>
      new Gauge({ name, help, labelNames: ["scenario", label], registers });
    const counter = (name: string, help: string, label: string) =>
      new Counter({ name, help, labelNames: ["scenario", label], registers });
    this.#phase = gauge("lastcall_phase", "1 for the phase that a run is in.", "phase");
    this.#inFlight = gauge("lastcall_requests_in_flight", "Sent and not answered yet.", "stream");
    this.#pods = gauge("lastcall_pods", "Pods of the workload by state.", "state");
    this.#requests = counter("lastcall_requests_total", "Requests that have ended.", "stream");
    this.#failures = counter(
      "lastcall_request_failures_total",
      "Requests that ended otherwise than well.",
      "stream",
    );
    this.#disruptions = counter("lastcall_disruptions_total", "Disruptions begun.", "type");
  }

  /** Counts one run of this scenario from here on. */
  follow(scenario: string): Progress {
    return {
      phase: (name) => {
        for (const phase of PHASES) this.#phase.set({ scenario, phase }, phase === name ? 1 : 0);
      },
      recording: () => undefined,
      note: () => undefined,
      load: (progress) => {
        for (const { stream, requests, failures, inFlight } of progress) {
          this.#requests.inc({ scenario, stream }, requests);
          this.#failures.inc({ scenario, stream }, failures);
          this.#inFlight.set({ scenario, stream }, inFlight);
        }
      },
      pods: (states) => {
        for (const [state, count] of Object.entries(states)) {
          this.#pods.set({ scenario, state }, count);
        }
      },
      disruption: ({ type }) => this.#disruptions.inc({ scenario, type }),
      promises: () => undefined, // the finished run's metrics are the judge's
    };
  }
}
