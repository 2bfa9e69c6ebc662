import { once } from "node:events";
import { connect } from "node:net";
import type { ClusterNetns } from "./cluster-netns.ts";
import { runTool } from "./run-tool.ts";

/** How long the way through the kernel may take; it is a matter of microseconds. */
const TRIAL_MS = 3_000;

const TABLE = "ip lastcall_trial";

/**
 * Goes the whole way once: a pod's namespace, a program in it, a translated address, and back. Nobody listens
 * at the pod, so its kernel refuses; an address that is not translated leads nowhere and is not refused.
 */
export async function tryNetns(netns: ClusterNetns, prefix: string): Promise<void> {
  const pod = `${prefix}.254.1`;
  const service = `${prefix}.253.1`;
  const backends = `{ 0 : ${pod} . 9, 1 : ${pod} . 9 }`;
  await netns.createPod(pod);
  await runTool([
    "nsenter",
    `--net=${netns.namespaceOf(pod)}`,
    "--",
    "ip",
    "link",
    "show",
    "dev",
    "eth0",
  ]);
  await netns.loadRules(`table ${TABLE} {
  chain prerouting {
    type nat hook prerouting priority -100;
    ip daddr ${service} tcp dport 80 dnat ip addr . port to numgen random mod 2 map ${backends}
  }
}`);
  const answer = await dial(service, 80);
  if (answer !== "ECONNREFUSED") {
    throw new Error(`a connection to a translated address ended with ${answer}`);
  }
  await netns.loadRules(`delete table ${TABLE}`);
  await netns.removePod(pod);
}

/** How connecting ends, in the system's words. */
async function dial(host: string, port: number): Promise<string> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(TRIAL_MS) });
    return "an open connection";
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException; // of a socket
    return code === "ABORT_ERR" ? "no answer" : (code ?? message);
  } finally {
    socket.destroy();
  }
}
