import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiConnection } from "./api-connection.ts";
import type { ApiObject } from "./api-objects.ts";
import { loadKubeConfig } from "./load-kubeconfig.ts";
import { ResourceWatch } from "./resource-watch.ts";
import type { Gap } from "./sight.ts";
import { ManualClock } from "./testing/manual-clock.ts";
import { type Answer, refuse, ScriptedApi } from "./testing/scripted-api.ts";
import { expired, ScriptedCollection, stored } from "./testing/scripted-collection.ts";

const failing: Answer = (_request, response) => refuse(response, 500, "InternalError", "no");

const PATH = "/api/v1/namespaces/shop/pods";

describe("ResourceWatch", () => {
  let server: ScriptedApi;
  let pods: ScriptedCollection;
  let api: ApiConnection;
  let clock: ManualClock;
  let seen: string[];
  let gaps: Gap[];
  let watch: ResourceWatch<ApiObject>;
  let stop: () => Promise<void>;

  async function watching(): Promise<void> {
    watch = new ResourceWatch<ApiObject>(
      { resource: "pods", path: PATH, query: { labelSelector: "app=web" } },
      {
        changed: (change, { metadata }, atMs) => seen.push(`${atMs} ${change} ${metadata.name}`),
        gap: (gap) => gaps.push(gap),
      },
      { api, clock },
    );
    const ending = new AbortController();
    await watch.list(ending.signal);
    const following = watch.follow(ending.signal);
    stop = async () => {
      ending.abort();
      await following;
    };
    await vi.waitFor(() => expect(pods.watchers).toBe(1));
  }

  beforeEach(async () => {
    server = new ScriptedApi();
    await server.listen();
    pods = new ScriptedCollection();
    server.on(`GET ${PATH}`, pods.answer);
    api = new ApiConnection(await loadKubeConfig({ kubeconfig: server.kubeconfig }));
    clock = new ManualClock();
    seen = [];
    gaps = [];
  });

  afterEach(async () => {
    await stop();
    api.close();
    await server.close();
  });

  it("reports what is there, then each change with the instant of its arrival", async () => {
    pods.items = [stored("web-1", "1")];
    await watching();
    clock.advance(7);
    pods.send("ADDED", stored("web-2", "2"));
    pods.send("MODIFIED", stored("web-1", "3"));
    await vi.waitFor(() => expect(seen).toHaveLength(3));
    clock.advance(1);
    pods.send("DELETED", stored("web-1", "4"));
    await vi.waitFor(() =>
      expect(seen).toEqual([
        "0 added web-1",
        "7 added web-2",
        "7 modified web-1",
        "8 deleted web-1",
      ]),
    );
    const asked = server.requests.map(({ query }) => query["labelSelector"]);
    expect(new Set(asked)).toEqual(new Set(["app=web"]));
    // Bookmarks keep the version young, and a round that must end shows when a watch has died.
    const round = { watch: "true", allowWatchBookmarks: "true", timeoutSeconds: "10" };
    expect(server.requests.at(-1)?.query).toMatchObject(round);
  });

  it("watches on at once from the last version when the server ends the watch", async () => {
    await watching();
    pods.send("ADDED", stored("web-1", "5"));
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    pods.endWatches();
    await vi.waitFor(() => expect(pods.watchedFrom).toEqual(["1", "5"]));
    pods.send("BOOKMARK", stored("", "8"));
    pods.send("MODIFIED", stored("web-1", "9"));
    pods.send("BOOKMARK", stored("", "12"));
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    pods.endWatches();
    await vi.waitFor(() => expect(pods.watchedFrom).toEqual(["1", "5", "12"]));
    expect(pods.lists).toBe(1);
    expect(gaps).toEqual([]);
  });

  it("lists again when its version is too old, reports what it missed, and that it did", async () => {
    pods.items = [stored("web-1", "1"), stored("web-2", "1"), stored("web-3", "1")];
    await watching();
    pods.items = [stored("web-1", "1"), stored("web-2", "6"), stored("web-4", "7")];
    pods.version = "9";
    pods.refusals.push(expired);
    clock.advance(4_000);
    pods.endWatches();
    await vi.waitFor(() => expect(pods.watchedFrom).toEqual(["1", "1", "9"]));
    expect(seen.slice(3)).toEqual([
      "4000 deleted web-3",
      "4000 modified web-2",
      "4000 added web-4",
    ]);
    expect(gaps).toEqual([
      { fromMs: 0, untilMs: 4_000, reason: expect.stringContaining("too old") },
    ]);
  });

  it("takes an ERROR event with code 410 for the same", async () => {
    pods.items = [stored("web-1", "1")];
    await watching();
    pods.items = [];
    pods.version = "9";
    pods.send("ERROR", { kind: "Status", code: 410, message: "too old resource version: 1 (9)" });
    await vi.waitFor(() => expect(pods.watchedFrom).toEqual(["1", "9"]));
    expect(seen.slice(1)).toEqual(["0 deleted web-1"]);
    await vi.waitFor(() => expect(pods.watchers).toBe(1)); // the one that told of the error is cut
    expect(gaps).toHaveLength(1);
  });

  it("outlives an API server that goes away, and reports how long it was blind", async () => {
    await watching();
    const { port } = server;
    clock.advance(1_000);
    await server.close();
    await vi.waitFor(() => expect(pods.watchers).toBe(0));
    await new Promise((resolve) => setTimeout(resolve, 20)); // lets the second try fail as well
    clock.advance(300);
    await server.listen(port);
    await vi.waitFor(() => {
      clock.advance(50); // wakes it from its pauses
      expect(pods.watchers).toBe(1);
    });
    expect(gaps).toEqual([
      { fromMs: 1_000, untilMs: expect.any(Number), reason: expect.any(String) },
    ]);
    expect(gaps[0]?.untilMs).toBeGreaterThanOrEqual(1_300);
    pods.send("ADDED", stored("web-1", "2"));
    await vi.waitFor(() => expect(seen).toHaveLength(1));
  });

  it("takes a watch that does not end when it should for dead, since its last sign of life", async () => {
    await watching();
    clock.advance(2_000);
    pods.send("ADDED", stored("web-1", "2"));
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    clock.advance(10_000);
    await vi.waitFor(() => expect(pods.watchedFrom).toEqual(["1", "2"]));
    await vi.waitFor(() =>
      expect(gaps).toEqual([{ fromMs: 2_000, untilMs: 12_000, reason: "the watch fell silent" }]),
    );
  });

  it("waits as long as an overloaded server asks", async () => {
    await watching();
    pods.refusals.push((_request, response) => {
      response.setHeader("retry-after", "2");
      refuse(response, 429, "TooManyRequests", "slow down");
    });
    pods.endWatches();
    await vi.waitFor(() => expect(pods.watchedFrom).toHaveLength(2));
    clock.advance(1_999);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pods.watchedFrom).toHaveLength(2);
    clock.advance(1);
    await vi.waitFor(() => expect(pods.watchers).toBe(1));
    expect(gaps).toEqual([{ fromMs: 0, untilMs: 2_000, reason: expect.any(String) }]);
  });

  it("takes a page that is no watch at all for a gap, and lists", async () => {
    await watching();
    pods.refusals.push((_request, response) => {
      response.writeHead(200);
      response.end('{"login":"please"}\n');
    });
    pods.version = "9";
    clock.advance(4_000);
    pods.endWatches();
    await vi.waitFor(() => expect(pods.watchedFrom).toEqual(["1", "1", "9"]));
    expect(gaps).toEqual([
      {
        fromMs: 0,
        untilMs: 4_000,
        reason: expect.stringContaining('no event: {"login":"please"}'),
      },
    ]);
  });

  it("counts what a 410 right after a pause has lost from before the pause", async () => {
    await watching();
    clock.advance(1_000);
    pods.send("ADDED", stored("web-1", "3"));
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    pods.refusals.push((_request, response) => {
      response.writeHead(200);
      const object = { kind: "Status", code: 410, message: "too old" };
      response.end(`${JSON.stringify({ type: "ERROR", object })}\n`);
    });
    clock.advance(100);
    pods.endWatches();
    await vi.waitFor(() => expect(pods.lists).toBe(2));
    await vi.waitFor(() =>
      expect(gaps).toEqual([{ fromMs: 1_000, untilMs: 1_100, reason: "too old" }]),
    );
  });

  it("lists anew when its version is refused again and again, as by a server that was replaced", async () => {
    pods.items = [stored("web-1", "70")];
    pods.version = "70";
    await watching();
    pods.items = [stored("web-2", "4")];
    pods.version = "4";
    pods.refusals.push(...Array.from({ length: 6 }, () => failing));
    pods.endWatches();
    await vi.waitFor(() => {
      clock.advance(1_000); // wakes it from its pauses
      expect(pods.watchedFrom.at(-1)).toBe("4");
    });
    expect(seen.map((line) => line.replace(/^\d+ /, ""))).toEqual([
      "added web-1",
      "deleted web-1",
      "added web-2",
    ]);
    expect(gaps).toHaveLength(1);
  });

  it("waits as long as an overloaded server asks before it lists", async () => {
    await watching();
    pods.refusals.push(expired);
    pods.listRefusals.push((_request, response) => {
      response.setHeader("retry-after", "3");
      refuse(response, 429, "TooManyRequests", "slow down");
    });
    clock.advance(4_000);
    pods.endWatches();
    await vi.waitFor(() => expect(pods.lists).toBe(2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(2_999);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pods.lists).toBe(2);
    clock.advance(1);
    await vi.waitFor(() => expect(pods.lists).toBe(3));
  });

  it("reports an event that was held up on its way as a gap", async () => {
    await watching();
    watch.mark({ version: "1", askedAtMs: 0, answeredAtMs: 5 });
    watch.mark({ version: "4", askedAtMs: 1_000, answeredAtMs: 1_005 });
    clock.advance(2_000);
    pods.send("ADDED", stored("web-1", "3"));
    await vi.waitFor(() => expect(seen).toEqual(["2000 added web-1"]));
    expect(gaps).toEqual([
      { fromMs: 0, untilMs: 2_000, reason: "the watch told of a change too late" },
    ]);
  });

  it("reports that it was blind to the end", async () => {
    await watching();
    await server.close();
    await vi.waitFor(() => expect(pods.watchers).toBe(0));
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(5_000);
    await stop();
    expect(gaps).toEqual([{ fromMs: 0, untilMs: 5_000, reason: expect.any(String) }]);
  });
});
