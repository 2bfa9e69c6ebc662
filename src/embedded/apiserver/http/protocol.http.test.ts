import { KubernetesObjectApi, VersionApi } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aPod, ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";
import { openWatch } from "#embedded/apiserver/testing/watch-lines.ts";

const PODS = "/api/v1/namespaces/default/pods";
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const TABLE = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const post = (path: string, body: object, query = "") =>
  ask(server, path + query, { method: "POST", body });

describe("authentication", () => {
  it("lets nobody in without the token, but tells everybody that the server lives", async () => {
    const headers = { authorization: "" };
    const { code, body } = await ask(server, PODS, { headers });
    expect([code, body.reason]).toEqual([401, "Unauthorized"]);
    const wrong = { authorization: "Bearer wrong" };
    expect((await ask(server, "/apis", { headers: wrong })).code).toBe(401);
    for (const path of ["/healthz", "/livez", "/readyz"]) {
      const health = await ask(server, path, { headers });
      expect([health.code, health.text]).toEqual([200, "ok"]);
    }
    expect((await ask(server, "/version", { headers })).body.gitVersion).toBe("v1.36.2");
  });
});

describe("the form of an answer", () => {
  const get = (accept: string) => ask(server, PODS, { headers: { accept } });

  it("is a table of the version asked for", async () => {
    for (const version of ["v1", "v1beta1"]) {
      const { body } = await get(`application/json;as=Table;v=${version};g=meta.k8s.io`);
      expect([body.kind, body.apiVersion]).toEqual(["Table", `meta.k8s.io/${version}`]);
    }
  });

  it("is JSON where only a binary form was asked for, and refused where nothing fits", async () => {
    expect((await get("application/vnd.kubernetes.protobuf")).body.kind).toBe("PodList");
    const { code, body } = await get("application/xml");
    expect([code, body.reason]).toEqual([406, "NotAcceptable"]);
  });
});

describe("a question of access", () => {
  it("is answered whole, and not as a table", async () => {
    const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const options = { method: "POST", body: { spec: {} } };
    expect((await ask(server, reviews, options)).body.status.allowed).toBe(true);
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
    const table = await ask(server, reviews, { ...options, headers: { accept } });
    expect([table.code, table.body.reason]).toEqual([406, "NotAcceptable"]);
  });
});

describe("a JSON body", () => {
  it("ends with a line feed, as Kubernetes' encoder ends it", async () => {
    expect((await ask(server, PODS)).text).toMatch(/\}\n$/);
  });
});

describe("paths and methods", () => {
  it("answer 404 and 405 as the real server does", async () => {
    const nowhere = await ask(server, "/apis/example.com/v1/things");
    expect([nowhere.code, nowhere.body.message]).toEqual([
      404,
      "the server could not find the requested resource",
    ]);
    const noSuchPart = await ask(server, `${CONFIG_MAPS}/x/scale`);
    expect(noSuchPart.code).toBe(404);
    const method = await ask(server, PODS, { method: "PUT", body: {} });
    expect([method.code, method.body.reason]).toEqual([405, "MethodNotAllowed"]);
  });

  it("refuse a body of another kind, broken JSON, and an unknown patch", async () => {
    const other = await post(PODS, { apiVersion: "apps/v1", kind: "Deployment", metadata: {} });
    expect([other.code, other.body.reason]).toEqual([400, "BadRequest"]);
    const broken = await ask(server, PODS, { method: "POST", body: Buffer.from("{") });
    expect(broken.code).toBe(400);
    const headers = { "content-type": "application/apply-patch+cbor" };
    const apply = await ask(server, `${PODS}/x`, { method: "PATCH", body: {}, headers });
    expect([apply.code, apply.body.reason]).toEqual([415, "UnsupportedMediaType"]);
  });

  it("take YAML where JSON is expected", async () => {
    const body = Buffer.from("metadata: {name: from-yaml}\ndata: {a: b}\n");
    const headers = { "content-type": "application/yaml" };
    const answer = await ask(server, CONFIG_MAPS, { method: "POST", body, headers });
    expect(answer.body.data).toEqual({ a: "b" });
  });
});

describe("discovery", () => {
  it("lists groups, versions, resources and their subresources", async () => {
    const groups = (await ask(server, "/apis")).body.groups;
    expect(groups.map(({ name }: { name: string }) => name)).toContain("apps");
    const apps = (await ask(server, "/apis/apps")).body;
    expect(apps.preferredVersion).toEqual({ groupVersion: "apps/v1", version: "v1" });
    const { resources } = (await ask(server, "/api/v1")).body;
    const eviction = { name: "pods/eviction", kind: "Eviction", group: "policy", version: "v1" };
    expect(resources).toContainEqual(expect.objectContaining(eviction));
    const list = (await ask(server, "/apis/apps/v1")).body.resources;
    const names = list.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(["deployments/scale", "deployments/status"]));
  });

  it("is one document for those who ask for the aggregated form, and none when it is unchanged", async () => {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const { body, headers } = await ask(server, "/apis", { headers: { accept } });
    expect(headers["content-type"]).toBe(accept);
    const apps = body.items.find(
      (item: { metadata: { name?: string } }) => item.metadata.name === "apps",
    );
    const [deployments] = apps.versions[0].resources;
    expect(deployments).toMatchObject({
      resource: "deployments",
      responseKind: { group: "apps", version: "v1", kind: "Deployment" },
      scope: "Namespaced",
      shortNames: ["deploy"],
    });
    const known = { accept, "if-none-match": String(headers["etag"]) };
    expect((await ask(server, "/apis", { headers: known })).code).toBe(304);
  });

  it("serves what client-node and kubectl ask before they write", async () => {
    const objects = KubernetesObjectApi.makeApiClient(server.config);
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "by-kind", namespace: "default" },
      spec: {
        selector: { matchLabels: { a: "b" } },
        template: { metadata: { labels: { a: "b" } }, spec: aPod("x").spec },
      },
    };
    const created = await objects.create(deployment);
    expect(created.metadata?.name).toBe("by-kind");
    const version = await server.config.makeApiClient(VersionApi).getCode();
    expect(version.minor).toBe("36");
    const { paths } = (await ask(server, "/openapi/v3")).body;
    const document = await ask(server, paths["apis/apps/v1"].serverRelativeURL);
    const path = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
    const { parameters } = document.body.paths[path].patch;
    expect(parameters).toContainEqual(expect.objectContaining({ name: "fieldValidation" }));
  });
});

describe("field validation", () => {
  const misspelt = (name: string) => ({
    ...aPod(name),
    spec: { ...aPod(name).spec, hostnme: "x" },
  });

  it("refuses an unknown field when it is strict", async () => {
    const { code, body } = await post(PODS, misspelt("strict"), "?fieldValidation=Strict");
    expect([code, body.message]).toEqual([
      400,
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.hostnme"',
    ]);
  });

  it("warns unasked, and drops the field", async () => {
    const { code, body, headers } = await post(PODS, misspelt("warned"));
    expect(code).toBe(201);
    expect(headers["warning"]).toBe('299 - "unknown field \\"spec.hostnme\\""');
    expect(body.spec.hostnme).toBeUndefined();
  });

  it("minds a field that is given twice", async () => {
    const text = JSON.stringify(aPod("twice")).replace(
      '"spec":{',
      '"spec":{"hostname":"a","hostname":"b",',
    );
    const body = Buffer.from(text);
    const strict = await ask(server, `${PODS}?fieldValidation=Strict`, { method: "POST", body });
    expect([strict.code, strict.body.message]).toEqual([
      400,
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: duplicate field "spec.hostname"',
    ]);
    const warned = await ask(server, PODS, { method: "POST", body });
    expect(warned.headers["warning"]).toBe('299 - "duplicate field \\"spec.hostname\\""');
    expect(warned.body.spec.hostname).toBe("b");
  });

  it("minds it in YAML by its line, also in what is applied", async () => {
    const text = (name: string) =>
      Buffer.from(
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  a: "1"\n  a: "2"\n`,
      );
    const path = "/api/v1/namespaces/default/configmaps";
    const sentence = 'yaml: unmarshal errors:\n  line 7: key "a" already set in map';
    const created = await ask(server, `${path}?fieldValidation=Strict`, {
      method: "POST",
      headers: { "content-type": "application/yaml" },
      body: text("y"),
    });
    expect(created.body.message).toContain(`strict decoding error: ${sentence}`);
    const apply = (validation: string) =>
      ask(server, `${path}/y?fieldManager=me&fieldValidation=${validation}`, {
        method: "PATCH",
        headers: { "content-type": "application/apply-patch+yaml" },
        body: text("y"),
      });
    const refused = await apply("Strict");
    expect([refused.code, refused.body.message]).toEqual([
      400,
      `error strict decoding YAML: ${sentence}`,
    ]);
    expect((await apply("Ignore")).body.data).toEqual({ a: "2" });
  });

  it("says nothing when told to ignore", async () => {
    const { headers } = await post(PODS, misspelt("ignored"), "?fieldValidation=Ignore");
    expect(headers["warning"]).toBeUndefined();
  });

  it("refuses it in a patch, too", async () => {
    await post(PODS, aPod("patched"));
    const { code, body } = await ask(server, `${PODS}/patched?fieldValidation=Strict`, {
      method: "PATCH",
      body: { spec: { hostnme: "x" } },
      headers: { "content-type": "application/strategic-merge-patch+json" },
    });
    expect(code).toBe(422);
    expect(body.message).toContain('strict decoding error: unknown field "spec.hostnme"');
  });

  it("refuses a value of the wrong type in any mode", async () => {
    const pod = { ...aPod("typed"), spec: { ...aPod("typed").spec, priority: "high" } };
    const { code, body } = await post(PODS, pod, "?fieldValidation=Ignore");
    expect([code, body.message]).toEqual([
      400,
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.priority of type int32',
    ]);
  });
});

describe("lists", () => {
  const names = (body: { items: { metadata: { name: string } }[] }) =>
    body.items.map(({ metadata }) => metadata.name);

  it("come in pages that show one moment", async () => {
    const path = "/api/v1/namespaces/kube-public/configmaps";
    for (const name of ["a", "b", "c"]) await post(path, { metadata: { name } });
    const first = (await ask(server, `${path}?limit=2`)).body;
    expect(names(first)).toEqual(["a", "b"]);
    expect(first.metadata.remainingItemCount).toBe(1);
    await post(path, { metadata: { name: "d" } });
    const next = `${path}?limit=2&continue=${first.metadata.continue}`;
    const second = (await ask(server, next)).body;
    expect(names(second)).toEqual(["c"]);
    expect(second.metadata.continue).toBeUndefined();
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it("refuse a token that is none, and a field nobody can select by", async () => {
    expect((await ask(server, `${PODS}?continue=nonsense`)).code).toBe(400);
    const { code, body } = await ask(server, `${PODS}?fieldSelector=spec.color%3Dred`);
    expect([code, body.message]).toEqual([400, "field label not supported: spec.color"]);
  });

  it("show the past when asked exactly, and refuse the future", async () => {
    const path = "/api/v1/namespaces/kube-node-lease/configmaps";
    const created = (await post(path, { metadata: { name: "then" } })).body;
    await ask(server, `${path}/then`, { method: "DELETE" });
    const version = created.metadata.resourceVersion;
    const exact = `?resourceVersion=${version}&resourceVersionMatch=Exact`;
    expect(names((await ask(server, path + exact)).body)).toEqual(["then"]);
    expect((await ask(server, `${path}?resourceVersion=${version}`)).body.items).toEqual([]);
    const future = await ask(server, `${path}?resourceVersion=99999999`);
    expect([future.code, future.body.details.retryAfterSeconds]).toEqual([504, 1]);
  });

  it("do not repeat kind and apiVersion in their items", async () => {
    await post(CONFIG_MAPS, { metadata: { name: "listed" } });
    const { body } = await ask(server, CONFIG_MAPS);
    expect(body.kind).toBe("ConfigMapList");
    expect(body.items[0]).not.toHaveProperty("kind");
  });
});

describe("tables", () => {
  it("have columns, cells, and the metadata of each object", async () => {
    await post(PODS, aPod("tabled"));
    const path = `${PODS}?fieldSelector=metadata.name%3Dtabled`;
    const { body } = await ask(server, path, { headers: TABLE });
    expect(body.kind).toBe("Table");
    const names = body.columnDefinitions.map(({ name }: { name: string }) => name);
    expect(names.slice(0, 5)).toEqual(["Name", "Ready", "Status", "Restarts", "Age"]);
    expect(body.rows[0].cells.slice(0, 4)).toEqual(["tabled", "0/1", "Pending", "0"]);
    expect(body.rows[0].object).toMatchObject({
      kind: "PartialObjectMetadata",
      metadata: { name: "tabled" },
    });
  });

  it("name their columns once in a watch", async () => {
    const { body } = await ask(server, CONFIG_MAPS);
    const path = `${CONFIG_MAPS}?watch=1&resourceVersion=${body.metadata.resourceVersion}`;
    await using watch = await openWatch(server, path, TABLE);
    await post(CONFIG_MAPS, { metadata: { name: "row-1" } });
    await post(CONFIG_MAPS, { metadata: { name: "row-2" } });
    const [first, second] = await watch.next(2);
    expect(first?.object.columnDefinitions).toHaveLength(3);
    expect(second?.object.columnDefinitions).toBeNull();
    expect(second?.object.rows[0].cells[0]).toBe("row-2");
  });

  it("can be had as metadata alone", async () => {
    const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    const { body } = await ask(server, CONFIG_MAPS, { headers: { accept } });
    expect(body.kind).toBe("PartialObjectMetadataList");
    expect(body.items[0]).not.toHaveProperty("data");
  });
});

describe("access reviews", () => {
  it("allow the one user everything, and are not stored", async () => {
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const { code, body } = await post(path, { spec: { resourceAttributes: { verb: "get" } } });
    expect([code, body.status]).toEqual([201, { allowed: true }]);
    expect((await ask(server, path)).code).toBe(405);
  });
});
