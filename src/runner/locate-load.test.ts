import { expect, it } from "vitest";
import { aCluster } from "#disruptions/testing/a-cluster.ts";
import { locateLoad } from "./locate-load.ts";
import type { RunOptions } from "./run-options.ts";

const { signal } = new AbortController();

it.each([
  ["http://10.0.0.11:30080/shop", "10.0.0.11"],
  ["http://[fd00::11]:30080", "fd00::11"],
])("enters %s at its own host, so that nobody turns that node off", async (url, host) => {
  const scenario = { url, workload: { namespace: "shop" } } as RunOptions["scenario"]; // what is read
  const options = { scenario, cluster: aCluster({}) } as unknown as RunOptions;
  expect(await locateLoad(options, false, signal)).toMatchObject({ url, hosts: [host] });
});
