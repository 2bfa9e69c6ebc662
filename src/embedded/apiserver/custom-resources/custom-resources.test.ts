import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const WIDGETS = "/apis/example.com/v1/namespaces/default/widgets";

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const post = (path: string, body: object) => ask(server, path, { method: "POST", body });
const version = (name: string, storage: boolean) => ({
  name,
  served: true,
  storage,
  selectableFields: [{ jsonPath: ".spec.size" }],
  subresources: { status: {} },
  additionalPrinterColumns: [
    { name: "Size", type: "integer", jsonPath: ".spec.size" },
    { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  ],
});
const WIDGET_DEFINITION = {
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget" },
    versions: [version("v1", true), version("v1beta1", false)],
  },
};

describe("a custom resource", () => {
  it("warns of its deprecated versions", async () => {
    const group = "old.example.com";
    const names = { plural: "relics", kind: "Relic" };
    const versions = [
      { ...version("v1", true), deprecated: true },
      { ...version("v2", false), deprecated: true, deprecationWarning: "relics go" },
      version("v3", false),
    ];
    const spec = { group, scope: "Cluster", names, versions };
    await post(CRDS, { metadata: { name: `relics.${group}` }, spec });
    const warning = async (name: string) =>
      (await ask(server, `/apis/${group}/${name}/relics`)).headers["warning"];
    expect(await warning("v1")).toBe(`299 - "${group}/v1 Relic is deprecated"`);
    expect(await warning("v2")).toBe('299 - "relics go"');
    expect(await warning("v3")).toBeUndefined();
  });

  it("is served from its definition on, in all its versions, until that is deleted", async () => {
    expect((await ask(server, WIDGETS)).code).toBe(404);
    const definition = await post(CRDS, WIDGET_DEFINITION);
    expect(definition.body.status.conditions.map(({ type }: { type: string }) => type)).toEqual([
      "NamesAccepted",
      "Established",
    ]);
    const widget = await post(WIDGETS, { metadata: { name: "w" }, spec: { size: 3, any: ["x"] } });
    expect(widget.body).toMatchObject({ kind: "Widget", spec: { size: 3, any: ["x"] } });
    const other = await ask(server, `${WIDGETS.replace("v1/", "v1beta1/")}/w`);
    expect(other.body.apiVersion).toBe("example.com/v1beta1");
    const groups = (await ask(server, "/apis")).body.groups;
    expect(groups.map(({ name }: { name: string }) => name)).toContain("example.com");

    const status = { status: { conditions: [{ type: "Ready", status: "True" }] }, spec: {} };
    const headers = { "content-type": "application/merge-patch+json" };
    await ask(server, `${WIDGETS}/w/status`, { method: "PATCH", body: status, headers });
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
    const table = (await ask(server, WIDGETS, { headers: { accept } })).body;
    expect(table.rows[0].cells).toEqual(["w", 3, "True"]);

    await ask(server, `${CRDS}/widgets.example.com`, { method: "DELETE" });
    expect((await ask(server, WIDGETS)).code).toBe(404);
    await post(CRDS, WIDGET_DEFINITION);
    expect((await ask(server, WIDGETS)).body.items).toEqual([]);
  });

  it("knows no strategic merge", async () => {
    const headers = { "content-type": "application/strategic-merge-patch+json" };
    await post(WIDGETS, { metadata: { name: "plain" } });
    const answer = await ask(server, `${WIDGETS}/plain`, { method: "PATCH", body: {}, headers });
    expect(answer.code).toBe(415);
  });

  it("is selected by the fields that its definition offers, and by no other", async () => {
    await post(WIDGETS, { metadata: { name: "big" }, spec: { size: 9 } });
    await post(WIDGETS, { metadata: { name: "small" }, spec: { size: 1 } });
    const selected = await ask(server, `${WIDGETS}?fieldSelector=spec.size%3D9`);
    const names = selected.body.items.map((item: { metadata: object }) => item.metadata);
    expect(names).toMatchObject([{ name: "big" }]);
    expect((await ask(server, `${WIDGETS}?fieldSelector=spec.weight%3D9`)).code).toBe(400);
  });

  it("needs a name that its definition agrees with", async () => {
    const metadata = { name: "wrong.example.com" };
    const { code, body } = await post(CRDS, { ...WIDGET_DEFINITION, metadata });
    expect([code, body.message]).toEqual([
      422,
      'CustomResourceDefinition.apiextensions.k8s.io "wrong.example.com" is invalid: metadata.name: Invalid value: "wrong.example.com": must be spec.names.plural+"."+spec.group',
    ]);
  });
});
