import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aPod, ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";
import { openWatch } from "#embedded/apiserver/testing/watch-lines.ts";

const MERGE = { "content-type": "application/merge-patch+json" };

let server: Awaited<ReturnType<typeof startTestServer>>;
let namespace = "";
let count = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const post = (path: string, body: object) => ask(server, path, { method: "POST", body });
const patchStatus = (path: string, status: object) =>
  ask(server, `${path}/status`, { method: "PATCH", body: { status }, headers: MERGE });
const pods = () => `/api/v1/namespaces/${namespace}/pods`;
const budgets = () => `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;

/** A namespace of its own with one scheduled pod, ready or not. */
async function aRunningPod(ready: boolean, phase = "Running") {
  count += 1;
  namespace = `evict-${count}`;
  await post("/api/v1/namespaces", { metadata: { name: namespace } });
  const pod = aPod("web", { nodeName: "node-1" });
  await post(pods(), { ...pod, metadata: { name: "web", labels: { app: "web" } } });
  const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
  await patchStatus(`${pods()}/web`, { phase, conditions });
}

async function aBudget(name: string, status: object, spec: object = {}) {
  const selector = { matchLabels: { app: "web" } };
  await post(budgets(), { metadata: { name }, spec: { minAvailable: 1, selector, ...spec } });
  await patchStatus(`${budgets()}/${name}`, {
    observedGeneration: 1,
    disruptionsAllowed: 0,
    currentHealthy: 1,
    desiredHealthy: 1,
    expectedPods: 1,
    ...status,
  });
}

const evict = (eviction: object = {}, name = "web") =>
  post(`${pods()}/${name}/eviction`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name },
    ...eviction,
  });
const thePod = async () => (await ask(server, `${pods()}/web`)).body;
const theBudget = async (name: string) => (await ask(server, `${budgets()}/${name}`)).body;

describe("an allowed eviction", () => {
  it("spends the budget, says why, and deletes gracefully, one write after the other", async () => {
    await aRunningPod(true);
    await aBudget("one", { disruptionsAllowed: 1 });
    const version = (await ask(server, pods())).body.metadata.resourceVersion;
    await using watch = await openWatch(server, `${pods()}?watch=1&resourceVersion=${version}`);
    const { code, body } = await evict();
    expect([code, body]).toEqual([
      201,
      { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
    ]);
    const [announced, deleted] = await watch.next(2);
    expect(announced?.object.status.conditions).toContainEqual({
      type: "DisruptionTarget",
      status: "True",
      reason: "EvictionByEvictionAPI",
      message: "Eviction API: evicting",
      lastProbeTime: null,
      lastTransitionTime: expect.any(String),
    });
    expect(announced?.object.metadata.deletionTimestamp).toBeUndefined();
    expect(deleted?.object.metadata.deletionGracePeriodSeconds).toBe(30);
    const budget = await theBudget("one");
    expect(budget.status).toMatchObject({
      disruptionsAllowed: 0,
      disruptedPods: { web: expect.any(String) },
      conditions: [{ type: "DisruptionAllowed", status: "False", reason: "InsufficientPods" }],
    });
    expect(Number(budget.metadata.resourceVersion)).toBeLessThan(
      Number(announced?.object.metadata.resourceVersion),
    );
  });

  it("takes the grace period and the preconditions of its deleteOptions", async () => {
    await aRunningPod(true);
    const wrong = await evict({ deleteOptions: { preconditions: { uid: "other" } } });
    expect(wrong.code).toBe(409);
    expect((await thePod()).status.conditions).not.toContainEqual(
      expect.objectContaining({ type: "DisruptionTarget" }),
    );
    await evict({ deleteOptions: { gracePeriodSeconds: 7 } });
    expect((await thePod()).metadata.deletionGracePeriodSeconds).toBe(7);
  });

  it("changes nothing on a dry run", async () => {
    await aRunningPod(true);
    await aBudget("one", { disruptionsAllowed: 1 });
    expect((await evict({ deleteOptions: { dryRun: ["All"] } })).code).toBe(201);
    expect((await theBudget("one")).status.disruptionsAllowed).toBe(1);
    expect((await thePod()).metadata.deletionTimestamp).toBeUndefined();
  });
});

describe("a refused eviction", () => {
  it("is 429 without Retry-After when the budget is spent", async () => {
    await aRunningPod(true);
    await aBudget("blk", {});
    const { code, body, headers } = await evict();
    expect(code).toBe(429);
    expect(headers["retry-after"]).toBeUndefined();
    expect(body).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      reason: "TooManyRequests",
      details: {
        causes: [
          {
            reason: "DisruptionBudget",
            message: "The disruption budget blk needs 1 healthy pods and has 1 currently",
          },
        ],
      },
      code: 429,
    });
    expect((await thePod()).metadata.deletionTimestamp).toBeUndefined();
  });

  it("is 429 with Retry-After: 10 while the controller has not seen the budget", async () => {
    await aRunningPod(true);
    await aBudget("new", { observedGeneration: 0, disruptionsAllowed: 1 });
    const { code, body, headers } = await evict();
    expect([code, headers["retry-after"]]).toEqual([429, "10"]);
    expect(body.details.causes[0].message).toBe(
      "The disruption budget new is still being processed by the server.",
    );
  });

  it("is 500 when two budgets claim the pod", async () => {
    await aRunningPod(true);
    await aBudget("one", { disruptionsAllowed: 1 });
    await aBudget("two", { disruptionsAllowed: 1 });
    const { code, body } = await evict();
    expect([code, body.reason, body.message]).toEqual([
      500,
      undefined,
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    ]);
  });

  it("is 404 for a pod that is not there, and 400 for two names", async () => {
    await aRunningPod(true);
    const missing = await evict({}, "zz");
    expect([missing.code, missing.body.message]).toEqual([404, 'pods "zz" not found']);
    const mixed = await evict({ metadata: { name: "other" } });
    expect([mixed.code, mixed.body.message]).toEqual([
      400,
      "name in URL does not match name in Eviction object",
    ]);
  });

  it("is 403 in a namespace that is going away, or under an impossible budget", async () => {
    await aRunningPod(true);
    await aBudget("odd", { disruptionsAllowed: -1 });
    expect((await evict()).code).toBe(403);
    await ask(server, `/api/v1/namespaces/${namespace}`, { method: "DELETE" });
    const { code, body } = await evict();
    expect([code, body.details.causes[0].reason]).toEqual([403, "NamespaceTerminating"]);
  });
});

describe("a budget is not asked", () => {
  it.each(["Pending", "Succeeded", "Failed"])("about a %s pod", async (phase) => {
    await aRunningPod(false, phase);
    await aBudget("blk", { desiredHealthy: 2 });
    expect((await evict()).code).toBe(201);
  });

  it("about a pod that is leaving already", async () => {
    await aRunningPod(true);
    await aBudget("blk", {});
    await ask(server, `${pods()}/web`, { method: "DELETE" });
    expect((await evict()).code).toBe(201);
  });

  it("about an unready pod under AlwaysAllow, and is not spent", async () => {
    await aRunningPod(false);
    const spec = { unhealthyPodEvictionPolicy: "AlwaysAllow" };
    await aBudget("lenient", { currentHealthy: 0 }, spec);
    expect((await evict()).code).toBe(201);
    expect((await theBudget("lenient")).status.disruptedPods).toBeUndefined();
  });

  it("about an unready pod while enough others are healthy", async () => {
    await aRunningPod(false);
    await aBudget("healthy", { currentHealthy: 1, desiredHealthy: 1 });
    expect((await evict()).code).toBe(201);
    await aRunningPod(false);
    await aBudget("unhealthy", { currentHealthy: 0, desiredHealthy: 1 });
    expect((await evict()).code).toBe(429);
  });
});
