import type { EvictionOutcome } from "#ports/cluster-objects.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { reportAction } from "./report-action.ts";

/** How long kubectl waits before it asks again. */
const RETRY_MS = 5_000;

interface PodOnNode {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/**
 * Asks for the eviction again every 5 s, as `kubectl drain` does, for as long as a budget refuses it and
 * the deadline allows. A refusal is no error: the last one is returned, and each is in the history.
 */
export async function evictPatiently(
  pod: PodOnNode,
  { untilMs }: { readonly untilMs: number },
  context: DisruptionContext,
): Promise<EvictionOutcome> {
  const { cluster, clock, signal } = context;
  for (;;) {
    const outcome = await reportAction(
      {
        verb: "evict",
        object: `pod/${pod.name}`,
        act: () => cluster.evictPod(pod, signal),
        describe: describeEviction,
      },
      context,
    );
    const settled = outcome.type === "evicted" || outcome.type === "already-gone";
    if (settled || clock.nowMs() + RETRY_MS > untilMs) return outcome;
    await clock.sleep(RETRY_MS, signal);
  }
}

function describeEviction(outcome: EvictionOutcome): string {
  switch (outcome.type) {
    case "evicted":
      return "evicted";
    case "already-gone":
      return "already-gone";
    case "refused":
      return `refused by ${outcome.budget === undefined ? "a disruption budget" : `budget ${outcome.budget}`}: ${outcome.message}`;
    case "busy":
      return `put off by the server: ${outcome.message}`;
  }
}
