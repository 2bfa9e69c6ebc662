import { Server } from "node:net";
import { log } from "./workload.mjs";

/**
 * What most servers do on SIGTERM: no new connection, and an end when the open ones are done. Right in
 * itself, and too early while the data path still sends new ones. The listener alone is closed: an HTTP
 * server's own `close` would cut kept connections too, which is another fault.
 */
export async function closeListenerAndLeave(workload) {
  Server.prototype.close.call(workload.server);
  log("listener closed");
  await workload.drained();
}
