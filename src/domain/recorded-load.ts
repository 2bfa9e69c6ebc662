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
  return load.map(recordedStream);
}

/** Of every type by its name, so that a new one does not compile until somebody has thought of what it sends. */
function recordedStream(stream: LoadStream): LoadStream {
  switch (stream.type) {
    case "reused":
    case "fresh":
      return { ...stream, request: recordedRequest(stream.request) };
    case "transactions":
      return { ...stream, steps: stream.steps.map(recordedRequest) };
    case "websocket":
      return { ...stream, headers: recordedHeaders(stream.headers), message: NOT_RECORDED };
  }
}

function recordedRequest<T extends RequestTemplate>(request: T): T {
  const headers = recordedHeaders(request.headers);
  return { ...request, headers, ...(request.body !== undefined && { body: NOT_RECORDED }) };
}

function recordedHeaders(headers: RequestTemplate["headers"]): RequestTemplate["headers"] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      OPEN_HEADERS.has(name.toLowerCase()) ? value : NOT_RECORDED,
    ]),
  );
}
