import { HarnessError, messageOf, UsageError } from "#domain/errors.ts";
import type { Report } from "#domain/report.ts";
import { renderTrace } from "./render-trace.ts";

/** Where traces go, and what is sent along; the headers may hold a credential. */
export interface TraceTarget {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** A receiver that does not answer must not keep a judged run from ending. */
const EXPORT_WITHIN_MS = 10_000;

/**
 * The receiver of `--otlp`: OTLP's path is added where it is not there. Headers come as OpenTelemetry's convention
 * has them, by the environment, so that no credential stands on a command line.
 */
export function traceTarget(
  endpoint: string,
  env: Readonly<Record<string, string | undefined>>,
): TraceTarget {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username + url.password !== "") {
    // Not quoted: whatever it is, it may hold a password.
    throw new UsageError("BAD_ADDRESS", "--otlp was given no address of an OTLP receiver.", {
      hint: "Write its URL for HTTP, such as http://collector:4318; credentials go into OTEL_EXPORTER_OTLP_HEADERS.",
    });
  }
  if (!url.pathname.endsWith("/v1/traces")) {
    url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/traces`;
  }
  return { url, headers: readHeaders(env["OTEL_EXPORTER_OTLP_HEADERS"] ?? "") };
}

/** `name=value,name=value`, the values percent-encoded. */
function readHeaders(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(",").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a percent sign that was meant as one
  }
}

/** Sends a finished run as one trace. */
export async function exportTrace(
  report: Report,
  { url, headers }: TraceTarget,
  withinMs = EXPORT_WITHIN_MS,
): Promise<void> {
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "error", // the headers may hold a credential that is for this receiver alone
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(renderTrace(report)),
      signal: AbortSignal.timeout(withinMs),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`it answered with status ${response.status}`);
  } catch (cause) {
    const message = `Could not send the run's trace to ${url.origin}: ${messageOf(cause)}.`;
    throw new HarnessError("NOT_EXPORTED", message, {
      hint: "The run is judged, and its report is written. Is the address that of an OTLP receiver for HTTP?",
      cause,
    });
  }
}
