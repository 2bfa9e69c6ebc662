import type { Clock } from "#ports/clock.ts";
import type { ObservedCluster } from "#ports/observed-cluster.ts";

/** One API action: `delete`, `pod/web-7`. */
interface ReportedAction<T> {
  readonly verb: string;
  readonly object: string;
  act(): Promise<T>;
  /** What came of it, for the history. */
  describe(answer: T): string;
}

/** Does it and records it between its sending and its answer; a refusal is recorded and thrown on. */
export async function reportAction<T>(
  { verb, object, act, describe }: ReportedAction<T>,
  { observed, clock }: { readonly observed: ObservedCluster; readonly clock: Clock },
): Promise<T> {
  const atMs = clock.nowMs();
  const record = (result: string) =>
    observed.receive({ type: "action", atMs, answeredAtMs: clock.nowMs(), verb, object, result });
  try {
    const answer = await act();
    record(describe(answer));
    return answer;
  } catch (error) {
    record(error instanceof Error ? error.message : String(error));
    throw error;
  }
}
