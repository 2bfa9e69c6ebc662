import { rm } from "node:fs/promises";
import type { Clock } from "#ports/clock.ts";
import type { ClusterHome } from "./cluster-home.ts";
import { readRecord } from "./cluster-record.ts";
import { connectControl, sendStop } from "./control-socket.ts";
import { type FoundCluster, findCluster } from "./find-clusters.ts";

/** How a cluster came to its end. */
export type StopOutcome =
  | { readonly type: "none" }
  | { readonly type: "stopped" }
  /** It did not stop when asked, so its process was killed; the watchdogs of its nodes ended the pods. */
  | { readonly type: "killed"; readonly pid: number; readonly afterMs: number }
  /** Its process had gone before, without cleaning up; that was done now. */
  | { readonly type: "cleaned"; readonly found: FoundCluster };

/** Every pod is killed at once, so a cluster that takes longer than this does not stop at all. */
const STOP_LIMIT_MS = 20_000;

/** Ends the cluster of this home, or what is left of it; resolves when its process has gone. */
export async function stopBackgroundCluster(
  home: ClusterHome,
  { clock }: { readonly clock: Clock },
): Promise<StopOutcome> {
  const control = await connectControl(home.socket);
  if (control === undefined) {
    const found = await findCluster(home);
    if (found === undefined) return { type: "none" };
    await rm(home.directory, { recursive: true, force: true });
    return { type: "cleaned", found };
  }
  const record = await readRecord(home);
  const closed = Promise.withResolvers<"closed">();
  control.once("close", () => closed.resolve("closed"));
  const patience = new AbortController();
  try {
    sendStop(control);
    const late = clock.sleep(STOP_LIMIT_MS, patience.signal).then(() => "late" as const);
    late.catch(() => undefined); // the cluster stopped in time
    if ((await Promise.race([closed.promise, late])) === "closed" || record === undefined) {
      return { type: "stopped" };
    }
    process.kill(record.pid, "SIGKILL"); // its socket is open, so the id is still its own
    await closed.promise;
    return { type: "killed", pid: record.pid, afterMs: STOP_LIMIT_MS };
  } finally {
    patience.abort();
    control.destroy();
    await rm(home.directory, { recursive: true, force: true });
  }
}
