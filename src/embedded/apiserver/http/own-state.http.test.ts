import { createPublicKey, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const post = (path: string, body: object) => ask(server, path, { method: "POST", body });

describe("what the server says of itself", () => {
  it("names its health checks when asked to be verbose, and answers each", async () => {
    const { text } = await ask(server, "/readyz?verbose");
    expect(text).toMatch(/^\[\+\]ping ok\n(?:\[\+\][\w-]+ ok\n)+readyz check passed\n$/);
    expect((await ask(server, "/livez/ping")).text).toBe("ok");
    expect((await ask(server, "/livez/other")).code).toBe(404);
  });

  it("lists its paths", async () => {
    const { paths } = (await ask(server, "/")).body;
    expect(paths).toEqual(expect.arrayContaining(["/api/v1", "/apis/apps", "/apis/apps/v1"]));
  });

  it("counts what it stores", async () => {
    const { text, headers } = await ask(server, "/metrics");
    expect(headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('apiserver_resource_objects{group="",resource="namespaces"} 4\n');
  });

  it("gives out the key that service account tokens are signed with", async () => {
    await post("/api/v1/namespaces/default/serviceaccounts", { metadata: { name: "reader" } });
    const accounts = "/api/v1/namespaces/default/serviceaccounts";
    const { token } = (await post(`${accounts}/reader/token`, { spec: {} })).body.status;
    const [header = "", payload = "", signature = ""] = token.split(".");
    const configuration = (await ask(server, "/.well-known/openid-configuration")).body;
    const { keys } = JSON.parse((await ask(server, new URL(configuration.jwks_uri).pathname)).text);
    const decode = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
    expect(decode(payload).iss).toBe(configuration.issuer);
    const jwk = keys.find(({ kid }: { kid: string }) => kid === decode(header).kid);
    const key = {
      key: createPublicKey({ key: jwk, format: "jwk" }),
      dsaEncoding: "ieee-p1363" as const,
    };
    const content = Buffer.from(`${header}.${payload}`);
    expect(verify("sha256", content, key, Buffer.from(signature, "base64url"))).toBe(true);

    const reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
    const known = (await post(reviews, { spec: { token } })).body.status;
    expect([known.authenticated, known.user.username]).toEqual([
      true,
      "system:serviceaccount:default:reader",
    ]);
    const unknown = (await post(reviews, { spec: { token: "x.y.z" } })).body.status;
    expect(unknown.authenticated).toBe(false);
  });
});

describe("the OpenAPI document of version 3", () => {
  it("describes the fields of each kind", async () => {
    const { components, paths } = (await ask(server, "/openapi/v3/apis/apps/v1")).body;
    const schema = components.schemas["io.k8s.api.apps.v1.Deployment"];
    expect(schema["x-kubernetes-group-version-kind"]).toEqual([
      { group: "apps", version: "v1", kind: "Deployment" },
    ]);
    const spec = schema.properties.spec.allOf[0].$ref.split("/").at(-1);
    expect(components.schemas[spec]).toMatchObject({
      required: ["selector", "template"],
      properties: { replicas: { type: "integer" }, paused: { type: "boolean" } },
    });
    const deployment = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
    // Whoever finds strategic merge here takes the merge keys from the schemas, and there are none.
    expect(Object.keys(paths[deployment].patch.requestBody.content)).not.toContain(
      "application/strategic-merge-patch+json",
    );
  });

  it("refers to nothing that it does not have", async () => {
    const index = (await ask(server, "/openapi/v3")).body.paths;
    for (const { serverRelativeURL } of Object.values<{ serverRelativeURL: string }>(index)) {
      const { text, body } = await ask(server, serverRelativeURL);
      const named = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
        ([, name]) => name,
      );
      const missing = named.filter((name) => !((name ?? "") in body.components.schemas));
      expect([serverRelativeURL, missing]).toEqual([serverRelativeURL, []]);
    }
  });
});

describe("an autoscaler", () => {
  it("is one object in both versions", async () => {
    const path = (version: string) =>
      `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
    await post(path("v1"), {
      metadata: { name: "web" },
      spec: {
        scaleTargetRef: { kind: "Deployment", name: "web", apiVersion: "apps/v1" },
        ...{ maxReplicas: 5, targetCPUUtilizationPercentage: 80 },
      },
    });
    const newer = (await ask(server, `${path("v2")}/web`)).body;
    expect(newer).toMatchObject({
      apiVersion: "autoscaling/v2",
      spec: {
        minReplicas: 1,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
          },
        ],
      },
    });
    const older = (await ask(server, `${path("v1")}/web`)).body;
    expect(older.spec).toMatchObject({ maxReplicas: 5, targetCPUUtilizationPercentage: 80 });
    expect(older.spec.metrics).toBeUndefined();
    for (const version of ["v1", "v2"]) {
      const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
      const { rows } = (await ask(server, path(version), { headers: { accept } })).body;
      expect(rows[0].cells.slice(0, 6)).toEqual([
        ...["web", "Deployment/web", "cpu: <unknown>/80%", "1", 5, 0],
      ]);
    }
  });
});
