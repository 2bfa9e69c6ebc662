import type { Clock } from "#ports/clock.ts";
import type { ApiConnection } from "./api-connection.ts";
import type { ApiList, ApiObject } from "./api-objects.ts";
import { coreCollection } from "./api-paths.ts";
import type { VersionMark } from "./version-marks.ts";

/** How often the cluster is asked for its version. */
const MARK_EVERY_MS = 1_000;
/** A mark that is missing costs a gap, so another is asked for soon. */
const AFTER_FAILURE_MS = 250;

interface Marking {
  readonly api: ApiConnection;
  readonly clock: Clock;
  readonly namespace: string;
}

/** What a watch does with a mark. */
interface Marked {
  mark(mark: VersionMark): void;
}

/**
 * Asks which version the cluster has, so that the watches see for themselves when they are late: a stream
 * that is held up somewhere on the way looks like one of a cluster in which nothing happens. Never throws; a
 * mark that could not be had is missing, and the next event counts as late.
 */
export async function keepMarking(
  { api, clock, namespace }: Marking,
  marked: () => readonly Marked[],
  signal: AbortSignal,
): Promise<void> {
  const path = coreCollection(namespace, "pods");
  // A list that names no version is answered with what is true now, of however little it is.
  const query = { limit: "1" };
  const attempt = "read the cluster's version";
  const call = { attempt, method: "GET", path, query, once: true } as const;
  while (!signal.aborted) {
    const askedAtMs = clock.nowMs();
    let pauseMs = AFTER_FAILURE_MS;
    try {
      const { metadata } = await api.json<ApiList<ApiObject>>(call, signal);
      const mark = { version: metadata.resourceVersion, askedAtMs, answeredAtMs: clock.nowMs() };
      for (const watch of marked()) watch.mark(mark);
      pauseMs = Math.max(0, askedAtMs + MARK_EVERY_MS - mark.answeredAtMs);
    } catch {
      // The watches meet the same trouble, and tell of it.
    }
    if (signal.aborted) return;
    await clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}
