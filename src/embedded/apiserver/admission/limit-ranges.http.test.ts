import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const post = (plural: string, body: object) =>
  ask(server, `/api/v1/namespaces/default/${plural}`, { method: "POST", body });
const pod = (name: string, resources?: object) =>
  post("pods", {
    metadata: { name },
    spec: { containers: [{ name: "app", image: "app", ...(resources && { resources }) }] },
  });

describe("a LimitRange", () => {
  it("follows from its own bounds, and gives and refuses by them", async () => {
    const range = await post("limitranges", {
      metadata: { name: "small" },
      spec: { limits: [{ type: "Container", min: { cpu: "50m" }, max: { cpu: "0.5" } }] },
    });
    expect(range.body.spec.limits[0]).toMatchObject({
      default: { cpu: "0.5" },
      defaultRequest: { cpu: "0.5" },
    });
    const silent = await pod("silent");
    expect(silent.body.spec.containers[0].resources).toEqual({
      limits: { cpu: "0.5" },
      requests: { cpu: "0.5" },
    });
    expect(silent.body.status.qosClass).toBe("Burstable");

    const little = await pod("little", { requests: { cpu: "10m" } });
    expect([little.code, little.body.message]).toEqual([
      403,
      'pods "little" is forbidden: minimum cpu usage per Container is 50m, but request is 10m',
    ]);
    const much = await pod("much", { limits: { cpu: "600m" } });
    expect(much.body.message).toBe(
      'pods "much" is forbidden: maximum cpu usage per Container is 0.5, but limit is 600m',
    );
    const wanting = await pod("wanting", { requests: { cpu: "600m" } });
    expect(wanting.body.message).toBe(
      'pods "wanting" is forbidden: maximum cpu usage per Container is 0.5, but request is 600m',
    );
    expect((await pod("right", { requests: { cpu: "60m" } })).code).toBe(201);
  });
});
