import type { LoadStream, RequestTemplate } from "./load-profile.ts";

/** Headers that say what is asked for, and never who asks. Of all others only the name is recorded. */
const OPEN_HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "content-type",
  "idempotency-key",
  "user-agent",
]);

const NOT_RECORDED = "(not recorded)";

/**
 * The load as a history may keep it. Judging needs no header and no body, and a report is passed on to people
 * who may not know the workload's credentials.
 */
export function recordedLoad(load: readonly LoadStream[]): readonly LoadStream[] {
  return load.map((stream) => {
    if ("steps" in stream) return { ...stream, steps: stream.steps.map(recordedRequest) };
    return "request" in stream ? { ...stream, request: recordedRequest(stream.request) } : stream;
  });
}

function recordedRequest<T extends RequestTemplate>(request: T): T {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      OPEN_HEADERS.has(name.toLowerCase()) ? value : NOT_RECORDED,
    ]),
  );
  return { ...request, headers, ...(request.body !== undefined && { body: NOT_RECORDED }) };
}
