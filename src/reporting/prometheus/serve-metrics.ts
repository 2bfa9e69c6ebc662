import { createServer } from "node:http";
import { type OpenMetricsContentType, Pushgateway, Registry } from "prom-client";
import { HarnessError, messageOf, UsageError } from "#domain/errors.ts";
import type { Report } from "#domain/report.ts";
import type { Progress } from "#ports/progress.ts";
import { LiveMetrics } from "./live-metrics.ts";
import { RunMetrics } from "./run-metrics.ts";

/** The metrics of all runs of this process, while they go on and after. */
export interface ServedMetrics {
  follow(scenario: string): Progress;
  finish(report: Report): void;
  stop(): Promise<void>;
}

/** Serves `/metrics` in the OpenMetrics form at `HOST:PORT`, or at every address of this machine with `:PORT`. */
export async function serveMetrics(address: string): Promise<ServedMetrics> {
  const { host, port } = parseAddress(address);
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const live = new LiveMetrics(registry);
  const finished = new RunMetrics(registry);
  const server = createServer(async ({ url }, response) => {
    if (url !== "/metrics") {
      response.writeHead(404).end("The metrics are at /metrics.\n");
      return;
    }
    response.writeHead(200, { "content-type": registry.contentType }).end(await registry.metrics());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(cannotServe(address, cause)));
    server.listen(port, host, resolve);
  });
  return {
    follow: (scenario) => live.follow(scenario),
    finish: (report) => finished.set(report),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A gateway that does not answer must not keep a judged run from ending. */
const PUSH_WITHIN_MS = 10_000;

/** Throws before anything is run when this is no address of a Pushgateway. */
export function requireGateway(gateway: string): void {
  if (URL.canParse(gateway) && /^https?:$/.test(new URL(gateway).protocol)) return;
  // Not quoted: whatever it is, it may hold a password.
  throw new UsageError("BAD_ADDRESS", "--pushgateway was given no address of a Pushgateway.", {
    hint: "Write its URL, such as http://pushgateway:9091.",
  });
}

/** Pushes a finished run; the Pushgateway keeps it under its scenario, so that the next one takes its place. */
export async function pushMetrics(
  report: Report,
  gateway: string,
  withinMs = PUSH_WITHIN_MS,
): Promise<void> {
  const metrics = new RunMetrics();
  metrics.set(report);
  const groupings = { scenario: report.header.scenario };
  try {
    await new Pushgateway(gateway, { timeout: withinMs }, metrics.registry).push({
      jobName: "lastcall",
      groupings,
    });
  } catch (cause) {
    const { origin } = new URL(gateway); // without user and password
    const message = `Could not push the run's metrics to ${origin}: ${messageOf(cause)}.`;
    throw new HarnessError("NOT_PUSHED", message, {
      hint: "The run is judged, and its report and metrics.prom are written. Is the address that of a Pushgateway?",
      cause,
    });
  }
}

function parseAddress(address: string): { readonly host: string; readonly port: number } {
  const { host = "", port = "" } = /^(?<host>.*):(?<port>\d{1,5})$/.exec(address)?.groups ?? {};
  if (Number(port) >= 1 && Number(port) <= 65_535) {
    return { host: host === "" ? "0.0.0.0" : host, port: Number(port) };
  }
  throw new UsageError("BAD_ADDRESS", `--metrics ${address} is not an address.`, {
    hint: "Write HOST:PORT, such as 127.0.0.1:9464, or :9464 for every address of this machine.",
  });
}

function cannotServe(address: string, cause: unknown): HarnessError {
  return new HarnessError(
    "NO_METRICS",
    `Could not serve metrics at ${address}: ${messageOf(cause)}.`,
    {
      hint: "Is another process using it? Give another address to --metrics.",
      cause,
    },
  );
}
