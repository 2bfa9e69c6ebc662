import { afterAll, beforeAll, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const PATH = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const spec = { request: "cGVt", signerName: "example.com/me", usages: ["client auth"] };
const create = (name: string, rest: object = {}) =>
  ask(server, PATH, { method: "POST", body: { metadata: { name }, spec: { ...spec, ...rest } } });

it("keeps a request for a certificate with who has asked, and says that nobody signs here", async () => {
  const { code, body, headers } = await create("mine", { username: "somebody else" });
  expect(code).toBe(201);
  expect(body.spec).toMatchObject({ ...spec, username: "kubernetes-admin" });
  expect(headers["warning"]).toContain("signs no certificates");
  const refused = await create("empty", { signerName: "" });
  expect(refused.body.message).toContain("spec.signerName: Required value");
});

it("takes nobody's word for who asks, also not by server-side apply", async () => {
  const forged = {
    username: "somebody",
    uid: "7",
    groups: ["system:masters"],
    extra: { a: ["b"] },
  };
  const known = {
    username: "kubernetes-admin",
    groups: ["system:masters", "system:authenticated"],
  };
  const { body } = await create("forged", forged);
  expect(body.spec).toEqual({ ...spec, ...known });
  const applied = await ask(server, `${PATH}/applied?fieldManager=me`, {
    method: "PATCH",
    headers: { "content-type": "application/apply-patch+yaml" },
    body: {
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { name: "applied" },
      spec: { ...spec, ...forged },
    },
  });
  expect([applied.code, applied.body.spec]).toEqual([201, { ...spec, ...known }]);
  expect(applied.headers["warning"]).toContain("signs no certificates");
});

it("is approved by a path of its own, which changes nothing of what was asked for", async () => {
  const { body } = await create("decided", { expirationSeconds: 3600 });
  body.status.conditions = [{ type: "Approved", status: "True", reason: "Fine" }];
  body.spec.signerName = "example.com/other";
  const approved = await ask(server, `${PATH}/decided/approval`, { method: "PUT", body });
  expect(approved.body.status.conditions).toHaveLength(1);
  expect(approved.body.spec.signerName).toBe("example.com/me");
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const table = await ask(server, `${PATH}/decided`, { headers: { accept } });
  expect(table.body.rows[0].cells.slice(2)).toEqual([
    ...["example.com/me", "kubernetes-admin", "60m", "Approved"],
  ]);
});

it("is not approved and denied at once, nor asked for less than ten minutes", async () => {
  const { body } = await create("both");
  const verdict = (type: string) => ({ type, status: "True", reason: "Fine" });
  body.status.conditions = [verdict("Approved"), verdict("Denied")];
  const both = await ask(server, `${PATH}/both/approval`, { method: "PUT", body });
  expect([both.code, both.body.message]).toEqual([
    422,
    expect.stringContaining("Approved and Denied conditions are mutually exclusive"),
  ]);
  const short = await create("short", { expirationSeconds: 599 });
  expect([short.code, short.body.message]).toEqual([
    422,
    expect.stringContaining("may not specify a duration less than 600 seconds"),
  ]);
});

it("can be changed in its metadata only", async () => {
  const { body } = await create("settled");
  body.metadata.annotations = { seen: "yes" };
  body.spec.usages = ["server auth"];
  const updated = await ask(server, `${PATH}/settled`, { method: "PUT", body });
  expect(updated.body.metadata.annotations).toEqual({ seen: "yes" });
  expect(updated.body.spec.usages).toEqual(["client auth"]);
});
