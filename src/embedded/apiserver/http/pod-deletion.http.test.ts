import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aPod, ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";
import { openWatch } from "#embedded/apiserver/testing/watch-lines.ts";

const PODS = "/api/v1/namespaces/default/pods";
const MERGE = { "content-type": "application/merge-patch+json" };
const START_MS = Date.parse("2026-01-01T00:00:00Z");

let server: Awaited<ReturnType<typeof startTestServer>>;
let nowMs = START_MS;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ nowMs: () => nowMs });
});
afterAll(() => server.stop());

/** A pod that a kubelet runs, and the watch of what becomes of it. */
async function runningPod(spec: object = {}, metadata: object = {}) {
  nowMs = START_MS;
  count += 1;
  const name = `pod-${count}`;
  const pod = aPod(name, { nodeName: "node-1", ...spec });
  const created = await ask(server, PODS, {
    method: "POST",
    body: { ...pod, metadata: { ...pod.metadata, ...metadata } },
  });
  const status = { status: { phase: "Running" } };
  await ask(server, `${PODS}/${name}/status`, { method: "PATCH", body: status, headers: MERGE });
  const selector = `fieldSelector=metadata.name=${name}&watch=true&allowWatchBookmarks=true`;
  const watch = await openWatch(server, `${PODS}?${selector}`);
  await watch.next(1);
  const remove = (options: object = {}) =>
    ask(server, `${PODS}/${name}`, { method: "DELETE", body: options });
  const read = () => ask(server, `${PODS}/${name}`);
  return { name, uid: created.body.metadata.uid, watch, remove, read };
}

const at = (seconds: number) =>
  new Date(START_MS + seconds * 1000).toISOString().replace(".000", "");

describe("deleting a running pod", () => {
  it("without a period marks it with its own, and answers with the pod", async () => {
    const { remove, watch } = await runningPod({ terminationGracePeriodSeconds: 45 });
    await using _ = watch;
    const { code, body } = await remove();
    expect(code).toBe(200);
    expect(body.kind).toBe("Pod");
    expect(body.metadata).toMatchObject({
      deletionTimestamp: at(45),
      deletionGracePeriodSeconds: 45,
      generation: 2,
    });
    expect((await watch.next(1))[0]?.type).toBe("MODIFIED");
  });

  it("with a period of its own takes that, from body or query, even a longer one", async () => {
    const fromBody = await runningPod({ terminationGracePeriodSeconds: 5 });
    await using _ = fromBody.watch;
    const { body } = await fromBody.remove({ gracePeriodSeconds: 60 });
    expect(body.metadata.deletionGracePeriodSeconds).toBe(60);
    const fromQuery = await runningPod();
    await using __ = fromQuery.watch;
    const path = `${PODS}/${fromQuery.name}?gracePeriodSeconds=7`;
    const answer = await ask(server, path, { method: "DELETE" });
    expect(answer.body.metadata.deletionGracePeriodSeconds).toBe(7);
  });

  it("with a negative period gives it one second", async () => {
    const { remove, watch } = await runningPod();
    await using _ = watch;
    const { body } = await remove({ gracePeriodSeconds: -5 });
    expect(body.metadata.deletionGracePeriodSeconds).toBe(1);
  });

  it("stores a negative period of the spec as one second", async () => {
    const { read, watch } = await runningPod({ terminationGracePeriodSeconds: -3 });
    await using _ = watch;
    expect((await read()).body.spec.terminationGracePeriodSeconds).toBe(1);
  });

  it("by force is two events: marked with grace 0, then gone", async () => {
    const { remove, watch, read } = await runningPod();
    await using _ = watch;
    const { body } = await remove({ gracePeriodSeconds: 0 });
    expect(body.kind).toBe("Pod");
    const [marked, gone] = await watch.next(2);
    expect(marked).toMatchObject({
      type: "MODIFIED",
      object: { metadata: { deletionTimestamp: at(0), deletionGracePeriodSeconds: 0 } },
    });
    expect(gone?.type).toBe("DELETED");
    expect(Number(gone?.object.metadata.resourceVersion)).toBe(
      Number(marked?.object.metadata.resourceVersion) + 1,
    );
    expect((await read()).code).toBe(404);
  });

  it("that wants no grace is a force delete", async () => {
    const { remove, watch } = await runningPod({ terminationGracePeriodSeconds: 0 });
    await using _ = watch;
    await remove();
    expect((await watch.next(2)).map(({ type }) => type)).toEqual(["MODIFIED", "DELETED"]);
  });
});

describe("deleting a pod that nothing runs for", () => {
  it("removes one that was never scheduled", async () => {
    const { remove, read, watch } = await runningPod({ nodeName: "" });
    await using _ = watch;
    await remove();
    expect((await read()).code).toBe(404);
  });

  it.each(["Succeeded", "Failed"])("removes one that has %s", async (phase) => {
    const { name, remove, read, watch } = await runningPod();
    await using _ = watch;
    const body = { status: { phase } };
    await ask(server, `${PODS}/${name}/status`, { method: "PATCH", body, headers: MERGE });
    await remove();
    expect((await read()).code).toBe(404);
  });
});

describe("deleting a pod again", () => {
  it.each([
    ["no period", {}],
    ["the same period", { gracePeriodSeconds: 30 }],
    ["a longer period", { gracePeriodSeconds: 31 }],
  ])("with %s changes nothing", async (_, options) => {
    const { remove, watch } = await runningPod();
    await using __ = watch;
    const first = await remove();
    const second = await remove(options);
    expect(second.body).toEqual(first.body);
  });

  it("with a shorter period counts it from the first delete, without a new generation", async () => {
    const { remove, watch } = await runningPod();
    await using _ = watch;
    await remove();
    nowMs = START_MS + 4_000;
    const { body } = await remove({ gracePeriodSeconds: 10 });
    expect(body.metadata).toMatchObject({
      deletionTimestamp: at(10),
      deletionGracePeriodSeconds: 10,
      generation: 2,
    });
  });

  it("with a period that is already over leaves one second from now", async () => {
    const { remove, watch } = await runningPod();
    await using _ = watch;
    await remove();
    nowMs = START_MS + 20_000;
    const { body } = await remove({ gracePeriodSeconds: 10 });
    expect(body.metadata).toMatchObject({
      deletionTimestamp: at(20),
      deletionGracePeriodSeconds: 1,
    });
  });

  it("by force removes it, as the kubelet does when it has cleaned up", async () => {
    const { remove, read, uid, watch } = await runningPod();
    await using _ = watch;
    await remove();
    await remove({ gracePeriodSeconds: 0, preconditions: { uid } });
    expect((await watch.next(3)).map(({ type }) => type)).toEqual([
      "MODIFIED",
      "MODIFIED",
      "DELETED",
    ]);
    expect((await read()).code).toBe(404);
  });
});

describe("a pod with finalizers", () => {
  it("outlives a force delete until they are gone, and then goes by that update", async () => {
    const { name, remove, read, watch } = await runningPod({}, { finalizers: ["example.com/x"] });
    await using _ = watch;
    await remove({ gracePeriodSeconds: 0 });
    expect((await read()).body.metadata.deletionGracePeriodSeconds).toBe(0);
    const body = { metadata: { finalizers: null } };
    const last = await ask(server, `${PODS}/${name}`, { method: "PATCH", body, headers: MERGE });
    expect(last.code).toBe(200);
    expect((await read()).code).toBe(404);
    expect((await watch.next(2)).map(({ type }) => type)).toEqual(["MODIFIED", "DELETED"]);
  });

  it("is not gone while its grace period lasts", async () => {
    const { name, remove, read, watch } = await runningPod({}, { finalizers: ["example.com/x"] });
    await using _ = watch;
    await remove();
    const body = { metadata: { finalizers: null } };
    await ask(server, `${PODS}/${name}`, { method: "PATCH", body, headers: MERGE });
    expect((await read()).body.metadata.deletionGracePeriodSeconds).toBe(30);
  });
});

describe("a delete with preconditions", () => {
  it("refuses another pod of that name", async () => {
    const { name, uid, remove, watch } = await runningPod();
    await using _ = watch;
    const { code, body } = await remove({ preconditions: { uid: "other" } });
    expect(code).toBe(409);
    expect(body.message).toBe(
      `Operation cannot be fulfilled on Pod "${name}": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  });

  it("refuses another state of the pod", async () => {
    const { remove, watch } = await runningPod();
    await using _ = watch;
    const { code, body } = await remove({ preconditions: { resourceVersion: "1" } });
    expect(code).toBe(409);
    expect(body.message).toContain("The object might have been modified");
  });
});

describe("what a delete must not do", () => {
  it("stores nothing on a dry run, but shows what would be", async () => {
    const { remove, read, watch } = await runningPod();
    await using _ = watch;
    const { body } = await remove({ dryRun: ["All"] });
    expect(body.metadata.deletionGracePeriodSeconds).toBe(30);
    expect((await read()).body.metadata.deletionTimestamp).toBeUndefined();
  });

  it("lets no status update mark a pod, or unmark it", async () => {
    const { name, remove, read, watch } = await runningPod();
    await using _ = watch;
    const mark = (deletionTimestamp: string | null) =>
      ask(server, `${PODS}/${name}/status`, {
        method: "PATCH",
        body: { metadata: { deletionTimestamp }, status: { message: "m" } },
        headers: MERGE,
      });
    await mark(at(1));
    expect((await read()).body.metadata.deletionTimestamp).toBeUndefined();
    await remove();
    await mark(null);
    expect((await read()).body.metadata.deletionTimestamp).toBe(at(30));
  });

  it("applies the same rules to each pod of a collection", async () => {
    const labels = { set: "collected" };
    const running = await runningPod({}, { labels });
    await using _ = running.watch;
    const unscheduled = await runningPod({ nodeName: "" }, { labels });
    await using __ = unscheduled.watch;
    await ask(server, `${PODS}?labelSelector=set%3Dcollected`, { method: "DELETE" });
    expect((await running.read()).body.metadata.deletionGracePeriodSeconds).toBe(30);
    expect((await unscheduled.read()).code).toBe(404);
  });
});
