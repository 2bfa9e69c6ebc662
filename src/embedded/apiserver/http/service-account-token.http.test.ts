import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aPod, ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;
let nowMs = Date.parse("2026-11-24T08:00:00Z");

beforeAll(async () => {
  server = await startTestServer({ nowMs: () => nowMs });
  const accounts = "/api/v1/namespaces/default/serviceaccounts";
  await ask(server, accounts, { method: "POST", body: { metadata: { name: "app" } } });
  await ask(server, accounts, { method: "POST", body: { metadata: { name: "gone" } } });
});
afterAll(() => server.stop());

const accountPath = (name: string) => `/api/v1/namespaces/default/serviceaccounts/${name}`;

const request = (name: string, spec: object = {}) =>
  ask(server, `${accountPath(name)}/token`, {
    method: "POST",
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec },
  });

const tokenOf = async (name: string, spec: object = {}): Promise<string> =>
  (await request(name, spec)).body.status.token;

const askAs = (token: string) =>
  ask(server, "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    method: "POST",
    body: {},
    headers: { authorization: `Bearer ${token}` },
  });

describe("the token of a service account", () => {
  it("speaks for the account until it expires", async () => {
    const answer = await request("app");
    expect(answer).toMatchObject({
      code: 201,
      body: {
        kind: "TokenRequest",
        metadata: { name: "app", namespace: "default" },
        spec: { expirationSeconds: 3600 },
        status: { expirationTimestamp: "2026-11-24T09:00:00Z" },
      },
    });
    const { token } = answer.body.status;
    const { sub, aud } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
    expect([sub, aud]).toEqual([
      "system:serviceaccount:default:app",
      ["https://kubernetes.default.svc.cluster.local"],
    ]);
    expect((await askAs(token)).body.status.userInfo).toMatchObject({
      username: "system:serviceaccount:default:app",
      groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
    });
    nowMs += 3_601_000;
    expect((await askAs(token)).code).toBe(401);
  });

  it("opens nothing when it is forged, meant for somebody else, or its account is gone", async () => {
    const token = await tokenOf("app");
    const [header, payload, signature = ""] = token.split(".");
    const forged = Buffer.from(signature, "base64url");
    forged[0] = (forged[0] ?? 0) ^ 1;
    expect((await askAs(`${header}.${payload}.${forged.toString("base64url")}`)).code).toBe(401);
    expect((await askAs(`${header}.${payload}`)).code).toBe(401);
    expect((await askAs(await tokenOf("app", { audiences: ["vault"] }))).code).toBe(401);
    const orphan = await tokenOf("gone");
    await ask(server, accountPath("gone"), { method: "DELETE" });
    expect((await askAs(orphan)).code).toBe(401);
  });

  it("ends with the pod that it is bound to", async () => {
    const pods = "/api/v1/namespaces/default/pods";
    const pod = await ask(server, pods, { method: "POST", body: aPod("web") });
    const boundObjectRef = { kind: "Pod", apiVersion: "v1", name: "web" };
    const token = await tokenOf("app", { boundObjectRef });
    const { code, body } = await askAs(token);
    expect(code).toBe(201);
    expect(body.status.userInfo.extra).toEqual({
      "authentication.kubernetes.io/credential-id": [expect.stringMatching(/^JTI=[-0-9a-f]{36}$/)],
      "authentication.kubernetes.io/pod-name": ["web"],
      "authentication.kubernetes.io/pod-uid": [pod.body.metadata.uid],
    });
    const stranger = { ...boundObjectRef, uid: "another" };
    expect((await request("app", { boundObjectRef: stranger })).code).toBe(409);
    expect(pod.code).toBe(201);
    await ask(server, `${pods}/web?gracePeriodSeconds=0`, { method: "DELETE" });
    expect((await askAs(token)).code).toBe(401);
  });

  it("is refused to nobody known, and for less than ten minutes", async () => {
    expect(await request("nobody")).toMatchObject({ code: 404 });
    expect((await request("app", { expirationSeconds: 599 })).body.message).toBe(
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
    );
  });
});

describe("the API's own Service", () => {
  it("is there from the first moment, at the first address, and leads to the server", async () => {
    const path = "/api/v1/namespaces/default/services/kubernetes";
    const { port } = new URL(server.url);
    expect((await ask(server, path)).body).toMatchObject({
      metadata: { labels: { component: "apiserver", provider: "kubernetes" } },
      spec: {
        type: "ClusterIP",
        clusterIP: "127.0.250.1",
        ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: Number(port) }],
      },
    });
    const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes";
    expect((await ask(server, slices)).body).toMatchObject({
      endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
      ports: [{ name: "https", port: Number(port), protocol: "TCP" }],
    });
  });
});
