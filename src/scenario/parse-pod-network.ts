import { UsageError } from "#domain/errors.ts";
import { POD_NETWORKS, type PodNetworkChoice } from "#domain/pod-network.ts";

/** Undefined stays undefined: the cluster then takes its default. */
export function parsePodNetwork(text: string | undefined): PodNetworkChoice | undefined {
  if (text === undefined) return undefined;
  const choice = POD_NETWORKS.find((name) => name === text);
  if (choice !== undefined) return choice;
  throw new UsageError("BAD_POD_NETWORK", `--pod-network is ${JSON.stringify(text)}.`, {
    hint: `Give one of ${POD_NETWORKS.join(", ")}: pods share the network of this machine (process), or each has a network namespace (netns), or the second where it works (auto).`,
  });
}
