import { afterAll } from "vitest";
import { testNetwork } from "#embedded/kubelet/testing/test-network.ts";
import { ClusterNetns } from "#embedded/netns/cluster-netns.ts";

/*
 * Every test file of this project has a network of its own, opened before its tests and closed after them.
 * Clusters are in 240.0.0.0/8; the files share the other reserved addresses by their process ids.
 */
const { pid } = process;
const prefix = `${241 + ((pid >> 8) % 14)}.${pid & 255}`;
const device = `lctest${pid}`;
const netns = await ClusterNetns.open({
  prefix,
  device,
  nodeAddresses: [`${prefix}.0.11`, `${prefix}.0.12`],
});
await netns.createPod(`${prefix}.200.1`);
testNetwork.current = { netns, prefix, namespace: netns.namespaceOf(`${prefix}.200.1`) };

export { netns as testNetns };

afterAll(() => netns.stop());
