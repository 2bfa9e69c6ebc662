import { once } from "node:events";
import { connect } from "node:net";
import { type Destination, describeNetworkError } from "#embedded/kubelet/network-errors.ts";
import type { ProbeOutcome } from "./probe-outcome.ts";

/** Success is an accepted connection, which is closed at once. */
export async function probeTcp(
  destination: Destination,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const socket = connect(destination);
  try {
    await once(socket, "connect", { signal: AbortSignal.any([timeout, signal]) });
    return { type: "success" };
  } catch (error) {
    const { host, port } = destination;
    const message = timeout.aborted
      ? `dial tcp ${host}:${port}: i/o timeout`
      : describeNetworkError(error, destination);
    return { type: "failure", message };
  } finally {
    socket.destroy();
  }
}
