import { ClusterNetns, type NetnsPlan } from "./cluster-netns.ts";
import { tryNetns } from "./try-netns.ts";

/** `message` says what did not work when it was tried, and `hint` what that needs. */
export class NetnsUnavailableError extends Error {
  readonly hint =
    "It takes Linux, root, and the Debian packages iproute2 and nftables. Pods without namespaces (--pod-network process) take none of them.";

  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`pods cannot have network namespaces here (${why})`, { cause });
    this.name = "NetnsUnavailableError";
  }
}

/** Opens a cluster's network and tries it; nothing is concluded from versions or user ids. */
export async function openNetns(plan: NetnsPlan): Promise<ClusterNetns> {
  let netns: ClusterNetns | undefined;
  try {
    netns = await ClusterNetns.open(plan);
    await tryNetns(netns, plan.prefix);
    return netns;
  } catch (error) {
    await netns?.stop();
    throw new NetnsUnavailableError(error);
  }
}
