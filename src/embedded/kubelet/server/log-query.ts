import { type ContainerLog, type LogLine, logTimestamp } from "#embedded/kubelet/container-log.ts";

/** What a reader of a log asks for: the options of the API's pods/log, by their names there. */
export interface LogQuery {
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceMs?: number;
  readonly stream?: LogLine["stream"];
}

/** A number that cannot be read counts as absent. */
export function parseLogQuery(query: URLSearchParams, nowMs: number): LogQuery {
  const flag = (name: string) => ["true", "1", ""].includes(query.get(name) ?? "false");
  const number = (name: string) => {
    const value = Number(query.get(name) ?? Number.NaN);
    return Number.isNaN(value) ? undefined : value;
  };
  const [tailLines, limitBytes] = [number("tailLines"), number("limitBytes")];
  const sinceSeconds = number("sinceSeconds");
  const sinceTime = query.get("sinceTime");
  const sinceMs = sinceTime
    ? Date.parse(sinceTime)
    : sinceSeconds !== undefined
      ? nowMs - sinceSeconds * 1000
      : undefined;
  const stream = { Stdout: "stdout", Stderr: "stderr" }[query.get("stream") ?? ""];
  return {
    follow: flag("follow"),
    timestamps: flag("timestamps"),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(stream !== undefined && { stream: stream as LogLine["stream"] }),
  };
}

/**
 * Sends what the query selects, then, if it follows, what is still to come until the instance ends.
 * Returns how to stop. `end` is called once, unless it was stopped.
 */
export function sendLog(
  log: ContainerLog,
  query: LogQuery,
  to: { readonly send: (text: string) => void; readonly end: () => void },
): () => void {
  let leftBytes = query.limitBytes ?? Number.POSITIVE_INFINITY;
  const isWanted = ({ atMs, stream }: LogLine) =>
    atMs >= (query.sinceMs ?? 0) && (query.stream === undefined || query.stream === stream);
  const send = (lines: readonly LogLine[]) => {
    const text = lines
      .filter(isWanted)
      .map(({ atMs, text }) => (query.timestamps ? `${logTimestamp(atMs)} ${text}` : text))
      .join("");
    const bytes = Buffer.from(text);
    const allowed = bytes.subarray(0, Math.max(0, leftBytes));
    leftBytes -= bytes.length;
    if (allowed.length > 0) to.send(allowed.toString());
  };
  const past = log.read().filter(isWanted);
  send(
    query.tailLines === undefined
      ? past
      : query.tailLines === 0
        ? []
        : past.slice(-query.tailLines),
  );
  if (!query.follow || leftBytes <= 0) {
    to.end();
    return () => {};
  }
  // A log that is complete already calls back at once, before there is anything to stop.
  let stop = () => {};
  stop = log.follow((line) => {
    if (line !== undefined) send([line]);
    if (line !== undefined && leftBytes > 0) return;
    stop();
    to.end();
  });
  return stop;
}
