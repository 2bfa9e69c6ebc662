import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { EventEmitter, on } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import type { ApiClient, WatchEvent } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { SERVICES } from "#embedded/api/resources.ts";
import { type ClusterDns, startDns } from "./start-dns.ts";

const address = `127.253.${1 + (process.pid % 250)}.2`;
const port = 5353;

describe("the cluster's DNS", () => {
  let dns: ClusterDns | undefined;

  afterEach(async () => {
    await dns?.stop();
    dns = undefined;
  });

  it("answers resolvers, and follows Services as they come", async () => {
    const changes = new EventEmitter();
    const api = apiWith(changes);
    dns = await startDns(api, { address, port });
    const resolver = new Resolver();
    resolver.setServers([`${address}:${port}`]);
    const name = "web.shop.svc.cluster.local";
    await expect(resolver.resolve4(name)).rejects.toMatchObject({ code: "ENOTFOUND" });
    const spec = { clusterIP: "10.0.0.7" };
    const object = {
      kind: "Service",
      metadata: { name: "web", namespace: "shop", uid: "1" },
      spec,
    };
    changes.emit(SERVICES.plural, { type: "ADDED", object });
    await expect.poll(() => resolver.resolve4(name).catch(() => [])).toEqual(["10.0.0.7"]);
    await expect(resolver.resolve4("example.com")).rejects.toMatchObject({ code: "EREFUSED" });
  });

  it("is not there when somebody else has its port", async () => {
    const other = createSocket("udp4");
    await new Promise<void>((resolve) => other.bind(port, address, resolve));
    try {
      expect(await startDns(apiWith(new EventEmitter()), { address, port })).toBeUndefined();
    } finally {
      other.close();
    }
  });
});

/** An API in which nothing is, and to which `changes` tells what comes, by the plural of its kind. */
function apiWith(changes: EventEmitter): ApiClient {
  const api: Partial<ApiClient> = {
    list: async () => ({ items: [], resourceVersion: "1" }),
    async *watch<T extends KubeObject>(
      { plural }: { plural: string },
      { signal }: { signal: AbortSignal },
    ) {
      for await (const [change] of on(changes, plural, { signal })) yield change as WatchEvent<T>;
    },
  };
  return api as ApiClient; // nothing else is called
}
