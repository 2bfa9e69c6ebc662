import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aPod, ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const PODS = "/api/v1/namespaces/default/pods";
const create = (name: string, spec: object = {}) =>
  ask(server, PODS, { method: "POST", body: aPod(name, spec) });
const patch = (path: string, spec: object) =>
  ask(server, `${PODS}/${path}`, {
    method: "PATCH",
    body: { spec },
    headers: { "content-type": "application/strategic-merge-patch+json" },
  });

describe("ephemeral containers", () => {
  const debug = (name: string, rest: object = {}) => ({
    ephemeralContainers: [{ name, image: "busybox", ...rest }],
  });

  it("are added to a running pod by their own path, and nothing else is", async () => {
    await create("seen");
    const spec = { ...debug("look", { targetContainerName: "app" }), activeDeadlineSeconds: 9 };
    const { code, body } = await patch("seen/ephemeralcontainers", spec);
    expect(code).toBe(200);
    expect(body.metadata.generation).toBe(2);
    expect(body.spec.activeDeadlineSeconds).toBeUndefined();
    expect(body.spec.ephemeralContainers).toMatchObject([
      { name: "look", imagePullPolicy: "Always", terminationMessagePolicy: "File" },
    ]);
    const read = await ask(server, `${PODS}/seen/ephemeralcontainers`);
    expect(read.body.spec.ephemeralContainers).toHaveLength(1);
  });

  it("stay as they are, and for good", async () => {
    await create("kept");
    const { body } = await patch("kept/ephemeralcontainers", debug("look"));
    const changed = await patch("kept/ephemeralcontainers", debug("look", { image: "other" }));
    expect([changed.code, changed.body.message]).toEqual([
      422,
      'Pod "kept" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "look" may not be changed\n',
    ]);
    body.spec.ephemeralContainers = [];
    const path = `${PODS}/kept/ephemeralcontainers`;
    const removed = await ask(server, path, { method: "PUT", body });
    expect(removed.body.message).toContain('"look" may not be removed');
  });

  it.each([
    [{ name: "app" }, 'spec.ephemeralContainers[0].name: Duplicate value: "app"'],
    [{ targetContainerName: "no" }, '[0].targetContainerName: Not found: "no"'],
    [{ ports: [{ containerPort: 80 }] }, "[0].ports: Forbidden: cannot be set for an Ephemeral"],
    [{ image: "" }, "spec.ephemeralContainers[0].image: Required value"],
  ])("are refused with %j", async (rest, sentence) => {
    await create("refusing");
    const answer = await patch("refusing/ephemeralcontainers", debug("look", rest));
    expect(answer.code).toBe(422);
    expect(answer.body.message).toContain(sentence);
  });

  it("come only to a pod that is there: not with a new one, and not by a template", async () => {
    const answer = await create("with", {
      containers: [{ name: "app", image: "a" }],
      ...debug("look"),
    });
    expect([answer.code, answer.body.message]).toEqual([
      422,
      'Pod "with" is invalid: spec.ephemeralContainers: Forbidden: cannot be set on create',
    ]);
    const { spec } = aPod("with", debug("look")) as { spec: object };
    const labels = { app: "with" };
    const template = { metadata: { labels }, spec };
    const body = {
      metadata: { name: "with" },
      spec: { selector: { matchLabels: labels }, template },
    };
    const path = "/apis/apps/v1/namespaces/default/deployments";
    const refused = await ask(server, path, { method: "POST", body });
    expect(refused.body.message).toBe(
      'Deployment.apps "with" is invalid: spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template',
    );
  });

  it("are not for the pod's own path", async () => {
    await create("own-path");
    const answer = await patch("own-path", debug("look"));
    expect(answer.body.message).toContain("pod updates may not change fields other than");
  });
});

describe("a resize", () => {
  const wanting = (requests: object, rest: object = {}) => ({
    containers: [{ name: "app", image: "app:1", resources: { requests }, ...rest }],
  });

  it("changes what containers ask for, and nothing else", async () => {
    await create("grown", wanting({ cpu: "100m" }));
    const resize = wanting({ cpu: "200m" }, { image: "app:2" });
    const { code, body } = await patch("grown/resize", resize);
    expect(code).toBe(200);
    expect(body.metadata.generation).toBe(2);
    expect(body.spec.containers[0]).toMatchObject({
      image: "app:1",
      resources: { requests: { cpu: "200m" } },
    });
  });

  it.each([
    [{ cpu: "1", "example.com/gpu": "1" }, "spec: Forbidden: only cpu and memory resources are"],
    [{ cpu: null, memory: "1Gi" }, "resources.requests: Forbidden: resource requests cannot be"],
  ])("is refused to %j", async (requests, sentence) => {
    await create("settled", wanting({ cpu: "100m" }));
    const answer = await patch("settled/resize", wanting(requests));
    expect(answer.code).toBe(422);
    expect(answer.body.message).toContain(sentence);
  });

  it("may not change the quality of service, nor the containers", async () => {
    await create("burst", wanting({ cpu: "100m", memory: "1Gi" }));
    const limits = { cpu: "100m", memory: "1Gi" };
    const guaranteed = await patch("burst/resize", {
      containers: [{ name: "app", resources: { limits } }],
    });
    expect(guaranteed.body.message).toContain("Pod QOS Class may not change as a result of");
    const more = await patch("burst/resize", { containers: [{ name: "b", image: "b" }] });
    expect(more.body.message).toContain("containers may not be added or removed on resize");
  });

  it("is refused for the pod as a whole", async () => {
    await create("whole", wanting({ cpu: "100m" }));
    const answer = await patch("whole/resize", { resources: { requests: { cpu: "1" } } });
    expect([answer.code, answer.body.message]).toEqual([
      422,
      expect.stringContaining("spec.resources: Forbidden"),
    ]);
  });

  it("keeps within the LimitRanges of the namespace", async () => {
    await create("bounded", wanting({ memory: "1Mi" }));
    const ranges = "/api/v1/namespaces/default/limitranges";
    const limits = [{ type: "Container", max: { memory: "2Mi" }, default: { memory: "2Mi" } }];
    await ask(server, ranges, {
      method: "POST",
      body: { metadata: { name: "small" }, spec: { limits } },
    });
    const answer = await patch("bounded/resize", wanting({ memory: "3Mi" }));
    await ask(server, `${ranges}/small`, { method: "DELETE" });
    expect([answer.code, answer.body.message]).toEqual([
      403,
      expect.stringContaining("maximum memory usage per Container is 2Mi"),
    ]);
  });

  it("is not for the pod's own path", async () => {
    await create("own", wanting({ cpu: "100m" }));
    const answer = await patch("own", wanting({ cpu: "200m" }));
    expect(answer.body.message).toContain("pod updates may not change fields other than");
  });
});
