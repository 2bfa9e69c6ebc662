import type { Shop } from "./shop.ts";

/** What is still open then is cut, so that the exit is ours and not the SIGKILL after the grace period. */
const LIMIT_MS = 20_000;

/**
 * The way out after SIGTERM. The process ends by itself once nothing is left open.
 *
 *   SIGTERM ──► go on serving, tell each client to close ──► no connection left ──► close listener,
 *   store ──► exit 0
 */
export async function stopShop({ server, connections, store, log }: Shop): Promise<void> {
  log("draining", connections.counts);
  const limit = setTimeout(() => {
    log("abandoned", connections.counts);
    process.exitCode = 1;
    server.closeAllConnections();
  }, LIMIT_MS);
  connections.startDraining();
  await connections.drained();
  clearTimeout(limit);
  log("drained", connections.counts);
  server.close();
  await store.close();
  log("exit", { code: process.exitCode ?? 0 });
}
