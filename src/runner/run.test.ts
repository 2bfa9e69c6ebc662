import { describe, expect, it } from "vitest";
import { anUndoLog, aReadyPod, podAt, WEB } from "#disruptions/testing/a-cluster.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { LoadPlan } from "#ports/load-driver.ts";
import { recordRun, SERVICE, WAIT } from "./testing/a-run.ts";

async function planOf(takesMs: number | undefined, drainMs: number): Promise<LoadPlan | undefined> {
  const stream = { ...WAIT, ...(takesMs !== undefined && { takesMs }) };
  return (await recordRun(stream, { drainMs })).plans[0];
}

describe("Run", () => {
  it("lets the load drain as long as the scenario says", async () => {
    expect(await planOf(undefined, 10_000)).toMatchObject({ drainMs: 10_000 });
    expect(await planOf(4_000, 10_000)).toMatchObject({ drainMs: 10_000 });
  });

  it("takes back what was changed also when the load does not end in order", async () => {
    const object = { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "web" };
    const scaled = { type: "field", object, path: "/spec/replicas", before: 2, after: 5 } as const;
    const undo = anUndoLog(scaled);
    const stopLoad = async () => {
      throw new TypeError("the load broke");
    };
    await expect(recordRun(WAIT, { undo, stopLoad })).rejects.toThrow("the load broke");
    expect(undo.steps).not.toContain(scaled);
  });

  it("keeps its Lease in mind when it could not be given back", async () => {
    const undo = anUndoLog();
    const deleteObject = async () => {
      throw new TypeError("the API server is away");
    };
    await recordRun(WAIT, { undo, operations: { deleteObject } });
    expect(undo.steps).toContainEqual({
      type: "lease",
      namespace: WEB.namespace,
      runId: "r1",
    });
  });

  it("sends the credentials of the load, and does not record them", async () => {
    const headers = { Authorization: "Bearer canary" };
    const stream = { ...WAIT, request: { ...WAIT.request, headers } };
    const { plans, headers: recorded } = await recordRun(stream);
    const [plan] = plans;
    const [header] = recorded;
    expect(plan?.streams).toMatchObject([{ request: { headers } }]);
    expect(JSON.stringify(header)).not.toContain("canary");
    expect(header?.load).toHaveLength(1);
  });

  it("records by which entrances the load came, so that each can be told apart", async () => {
    const [header] = (await recordRun(WAIT)).headers;
    expect(header?.entrances).toEqual(["127.0.0.1"]);
    expect(header?.environment.reached).toBe("NodePort");
  });

  it("waits for answers that take longer than that on purpose, and a second more", async () => {
    expect(await planOf(15_000, 10_000)).toMatchObject({ drainMs: 16_000 });
  });

  it("records how its programs fared among others, where its pods are on this machine", async () => {
    let busyMs = 0;
    const machine = {
      read: async () => {
        busyMs += 10;
        return { processors: 2, busyMs, ownMs: 0, own: new Map() };
      },
    };
    const shared = await recordRun(WAIT, { machine, operations: { sharesMachine: true } });
    const readings = shared.observations.filter(({ type }) => type === "machine");
    expect(readings).toEqual([expect.objectContaining({ processors: 2, waited: 0 })]);
    const elsewhere = await recordRun(WAIT, { machine });
    expect(elsewhere.observations.filter(({ type }) => type === "machine")).toEqual([]);
  });

  it("records what the data path says of the connections to the place that the load goes to", async () => {
    const heard: unknown[] = [];
    const word = { atMs: 1, entrance: 1, clientPort: 4_000, backend: "10.0.0.1", refused: false };
    const witness: Cluster["witness"] = {
      listen: async (entrances, listener) => {
        heard.push(entrances);
        listener.heard(word);
        listener.changed({ type: "witness", atMs: 1, node: "n1", heard: true });
        return {
          stop: async () => {
            heard.push("stopped");
          },
        };
      },
    };
    const { words, observations } = await recordRun(WAIT, { operations: { witness } });
    expect(heard).toEqual([{ hosts: ["127.0.0.1"], port: 8080 }, "stopped"]);
    expect(words).toEqual([word]);
    expect(observations).toContainEqual(expect.objectContaining({ type: "witness", node: "n1" }));
  });

  it("tells how the promises stand, of what it saw of the load and of the cluster", async () => {
    const threshold = (metric: "request-error-rate" | "failures-per-termination") =>
      ({ metric, operator: "<", limit: 1, text: "<1" }) as const;
    const leaving = { deletionTimestamp: "2026-11-24T10:00:00Z" };
    const { standings } = await recordRun(WAIT, {
      thresholds: [threshold("request-error-rate"), threshold("failures-per-termination")],
      meanwhile: [podAt(1, aReadyPod("web-1", leaving))],
      counts: [{ stream: "wait", requests: 8, failures: 2, inFlight: 0 }],
    });
    expect(standings.at(-1)?.map(({ soFar }) => soFar)).toEqual([0.25, 2]);
  });

  it("enters by few nodes where machines are to be turned off, and by all otherwise", async () => {
    const asked: unknown[] = [];
    const locateService: Cluster["locateService"] = async ({ fewEntrances }) => {
      asked.push(fewEntrances);
      return SERVICE;
    };
    await recordRun(WAIT, { operations: { locateService } });
    const disruptions = [{ type: "lose-nodes", count: 1, workload: WEB }] as const;
    await recordRun(WAIT, { operations: { locateService }, disruptions }).catch(() => undefined);
    expect(asked).toEqual([undefined, true]);
  });
});
