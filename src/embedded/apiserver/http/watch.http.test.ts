import { CoreV1Api, makeInformer, Watch } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";
import { openWatch } from "#embedded/apiserver/testing/watch-lines.ts";

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const MERGE = { "content-type": "application/merge-patch+json" };

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer({ eventHistoryCapacity: 20 });
});
afterAll(() => server.stop());

const create = async (name: string, labels: Record<string, string> = {}) =>
  (await ask(server, CONFIG_MAPS, { method: "POST", body: { metadata: { name, labels } } })).body;
const patch = (name: string, body: object) =>
  ask(server, `${CONFIG_MAPS}/${name}`, { method: "PATCH", body, headers: MERGE });
const currentVersion = async () => (await ask(server, CONFIG_MAPS)).body.metadata.resourceVersion;
const shape = (
  lines: readonly { readonly type: string; readonly object: { metadata: { name: string } } }[],
) => lines.map(({ type, object }) => `${type} ${object.metadata.name}`);

describe("a watch", () => {
  it("sends its headers before there is anything to tell, and then each write", async () => {
    const from = await currentVersion();
    await using watch = await openWatch(server, `${CONFIG_MAPS}?watch=1&resourceVersion=${from}`);
    await create("told");
    await patch("told", { data: { a: "1" } });
    await ask(server, `${CONFIG_MAPS}/told`, { method: "DELETE" });
    expect(shape(await watch.next(3))).toEqual(["ADDED told", "MODIFIED told", "DELETED told"]);
  });

  it("catches up on what happened after its resourceVersion", async () => {
    const from = await currentVersion();
    await create("missed");
    await using watch = await openWatch(server, `${CONFIG_MAPS}?watch=1&resourceVersion=${from}`);
    expect(shape(await watch.next(1))).toEqual(["ADDED missed"]);
  });

  it.each(["", "&resourceVersion=0"])(
    "with version %j begins with what is there",
    async (version) => {
      await create(`there${version.length}`, { set: `start${version.length}` });
      const selector = `labelSelector=set%3Dstart${version.length}`;
      await using watch = await openWatch(server, `${CONFIG_MAPS}?watch=1&${selector}${version}`);
      expect(shape(await watch.next(1))).toEqual([`ADDED there${version.length}`]);
    },
  );

  it("sees an object enter and leave its selector", async () => {
    await create("mover", { color: "red" });
    const from = await currentVersion();
    const selector = "labelSelector=color%3Dblue";
    const path = `${CONFIG_MAPS}?watch=1&${selector}&resourceVersion=${from}`;
    await using watch = await openWatch(server, path);
    await patch("mover", { metadata: { labels: { color: "blue" } } });
    await patch("mover", { data: { a: "1" } });
    const left = await patch("mover", { metadata: { labels: { color: "red" } } });
    const lines = await watch.next(3);
    expect(shape(lines)).toEqual(["ADDED mover", "MODIFIED mover", "DELETED mover"]);
    expect(lines[2]?.object.metadata).toMatchObject({
      labels: { color: "blue" },
      resourceVersion: left.body.metadata.resourceVersion,
    });
  });

  it("follows a field selector, and another namespace not at all", async () => {
    const from = await currentVersion();
    const path = `${CONFIG_MAPS}?watch=1&fieldSelector=metadata.name%3Dwanted&resourceVersion=${from}`;
    await using watch = await openWatch(server, path);
    const elsewhere = "/api/v1/namespaces/kube-public/configmaps";
    await ask(server, elsewhere, { method: "POST", body: { metadata: { name: "wanted" } } });
    await create("unwanted");
    await create("wanted");
    const [only] = await watch.next(1);
    expect(only?.object.metadata.namespace).toBe("default");
  });

  it("from a forgotten past is one ERROR event: Expired", async () => {
    const from = await currentVersion();
    for (let count = 0; count < 40; count++) await patch("told-often", {});
    await create("told-often");
    for (let count = 0; count < 40; count++) await patch("told-often", { data: { n: `${count}` } });
    await using watch = await openWatch(server, `${CONFIG_MAPS}?watch=1&resourceVersion=${from}`);
    const lines = await watch.rest();
    expect(lines).toMatchObject([
      { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } },
    ]);
    expect(lines[0]?.object.message).toMatch(/^too old resource version: \d+ \(\d+\)$/);
  });

  it("with sendInitialEvents marks the end of the initial ones by a bookmark", async () => {
    await create("first", { set: "initial" });
    const wanted = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    const path = `${CONFIG_MAPS}?watch=1&allowWatchBookmarks=true&labelSelector=set%3Dinitial&${wanted}`;
    await using watch = await openWatch(server, path);
    const [added, bookmark] = await watch.next(2);
    expect(added?.type).toBe("ADDED");
    expect(bookmark).toMatchObject({
      type: "BOOKMARK",
      object: {
        kind: "ConfigMap",
        apiVersion: "v1",
        metadata: {
          resourceVersion: await currentVersion(),
          annotations: { "k8s.io/initial-events-end": "true" },
        },
      },
    });
    await create("second", { set: "initial" });
    expect(shape(await watch.next(1))).toEqual(["ADDED second"]);
  });

  it("with sendInitialEvents but no resourceVersionMatch is refused with 422", async () => {
    const answer = await ask(server, `${CONFIG_MAPS}?watch=1&sendInitialEvents=true`);
    expect(answer.code).toBe(422);
    expect(answer.body.message).toContain(
      "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    );
  });

  it("ends in order when its time is up, with a last bookmark", async () => {
    const from = await currentVersion();
    const path = `${CONFIG_MAPS}?watch=1&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=${from}`;
    await using watch = await openWatch(server, path);
    expect((await watch.rest()).map(({ type }) => type)).toEqual(["BOOKMARK"]);
  });

  it("of the future waits for nothing: 504", async () => {
    const answer = await ask(server, `${CONFIG_MAPS}?watch=1&resourceVersion=99999999`);
    expect(answer.code).toBe(504);
    expect(answer.body.message).toContain("Too large resource version: 99999999, current:");
  });

  it("ends when the server stops", async () => {
    const other = await startTestServer();
    await using watch = await openWatch(other, `${CONFIG_MAPS}?watch=1`);
    await other.stop();
    expect(await watch.rest()).toEqual([]);
  });
});

describe("client-node", () => {
  it("watches by its own Watch", async () => {
    const from = await currentVersion();
    const seen: string[] = [];
    const done = Promise.withResolvers<void>();
    const abort = await new Watch(server.config).watch(
      CONFIG_MAPS,
      { resourceVersion: from },
      (type, object) => {
        seen.push(`${type} ${object.metadata.name}`);
        done.resolve();
      },
      () => undefined,
    );
    await create("watched");
    await done.promise;
    abort.abort();
    expect(seen).toEqual(["ADDED watched"]);
  });

  it("keeps an informer in step", async () => {
    const core = server.config.makeApiClient(CoreV1Api);
    const informer = makeInformer(server.config, CONFIG_MAPS, () =>
      core.listNamespacedConfigMap({ namespace: "default" }),
    );
    const added = Promise.withResolvers<void>();
    informer.on("add", (object) => {
      if (object.metadata?.name === "informed") added.resolve();
    });
    await informer.start();
    await create("informed");
    await added.promise;
    expect(informer.get("informed", "default")?.metadata?.name).toBe("informed");
    await informer.stop();
  });
});
