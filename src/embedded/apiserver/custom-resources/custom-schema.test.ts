import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const WIDGETS = "/apis/example.com/v1/namespaces/default/widgets";

const SCHEMA = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      required: ["size"],
      properties: {
        size: { type: "integer", minimum: 1, maximum: 9 },
        colour: { type: "string", enum: ["red", "blue"], default: "red" },
        code: { type: "string", pattern: "^[a-z]+$" },
        parts: {
          type: "array",
          maxItems: 2,
          items: {
            type: "object",
            properties: { name: { type: "string" }, on: { default: true } },
          },
        },
        labels: { type: "object", additionalProperties: { type: "string" } },
        named: {
          ...{ type: "array", "x-kubernetes-list-type": "map" },
          "x-kubernetes-list-map-keys": ["name"],
          items: {
            type: "object",
            properties: { name: { type: "string" }, on: { type: "boolean" } },
          },
        },
        one: { properties: { a: {}, b: {} }, oneOf: [{ required: ["a"] }, { required: ["b"] }] },
        some: { anyOf: [{ minimum: 5 }, { type: "string" }] },
        none: { not: { enum: ["bad"] } },
        free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      },
    },
  },
};

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
  await post(CRDS, {
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: SCHEMA } }],
    },
  });
});
afterAll(() => server.stop());

const post = (path: string, body: object) => ask(server, path, { method: "POST", body });
const create = (name: string, spec: object, query = "") =>
  post(`${WIDGETS}${query}`, { metadata: { name }, spec });

describe("the schema of a custom resource", () => {
  it("drops what it does not know and fills in its defaults", async () => {
    const spec = {
      ...{ size: 3, unknown: 1, parts: [{ name: "a", unknown: 1 }] },
      ...{ labels: { any: "x" }, free: { any: ["x"] } },
    };
    const { body, headers } = await create("pruned", spec, "?fieldValidation=Warn");
    expect(body.spec).toEqual({
      ...{ size: 3, colour: "red", parts: [{ name: "a", on: true }] },
      ...{ labels: { any: "x" }, free: { any: ["x"] } },
    });
    const warnings = String(headers["warning"]);
    expect(warnings).toContain('unknown field \\"spec.unknown\\"');
    expect(warnings).toContain('unknown field \\"spec.parts[0].unknown\\"');
  });

  it("gives its defaults also to what was stored before it had them", async () => {
    await create("early", { size: 1, parts: [{ name: "a" }] });
    const size = { size: { type: "integer" }, later: { type: "string", default: "yes" } };
    const schema = { ...SCHEMA, properties: { spec: { type: "object", properties: size } } };
    const path = "/spec/versions/0/schema/openAPIV3Schema";
    const replace = (value: object) =>
      ask(server, `${CRDS}/widgets.example.com`, {
        method: "PATCH",
        headers: { "content-type": "application/json-patch+json" },
        body: [{ op: "replace", path, value }],
      });
    await replace(schema);
    expect((await ask(server, `${WIDGETS}/early`)).body.spec.later).toBe("yes");
    await replace(SCHEMA);
  });

  it("is what owners of fields go by: no field that it lacks, and lists by their keys", async () => {
    const apply = (fieldManager: string, spec: object) =>
      ask(server, `${WIDGETS}/shared?fieldManager=${fieldManager}`, {
        method: "PATCH",
        headers: { "content-type": "application/apply-patch+yaml" },
        body: { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "shared" }, spec },
      });
    const unknown = await apply("a", { size: 1, wrong: 1 });
    expect(unknown.body.message).toContain(".spec.wrong: field not declared in schema");
    await apply("a", { size: 1, named: [{ name: "x", on: true }] });
    const both = await apply("b", { size: 1, named: [{ name: "y" }] });
    expect(both.body.spec.named).toEqual([{ name: "y" }, { name: "x", on: true }]);
  });

  it("refuses what no combination of its parts allows", async () => {
    const refusal = async (spec: object) =>
      (await create("c", { size: 1, ...spec }, "?dryRun=All")).body.message;
    expect(await refusal({ one: { a: 1, b: 1 } })).toContain(
      'spec.one: Invalid value: "": "spec.one" must validate one and only one schema (oneOf)',
    );
    expect(await refusal({ one: {} })).toContain("(oneOf)");
    expect(await refusal({ some: 1 })).toContain(
      '"spec.some" must validate at least one schema (anyOf)',
    );
    expect(await refusal({ none: "bad" })).toContain(
      '"spec.none" must not validate the schema (not)',
    );
    expect(await refusal({ one: { a: 1 }, some: 7, none: "good" })).toBeUndefined();
  });

  it("refuses what it does not know when the client is strict", async () => {
    const { code, body } = await create("s", { size: 3, other: 1 }, "?fieldValidation=Strict");
    expect([code, body.message]).toEqual([
      400,
      'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.other"',
    ]);
  });

  it.each([
    [{}, "spec.size: Required value"],
    [
      { size: "3" },
      'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
    ],
    [
      { size: 0 },
      "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1",
    ],
    [
      { size: 10 },
      "spec.size: Invalid value: 10: spec.size in body should be less than or equal to 9",
    ],
    [
      { size: 1, colour: "green" },
      'spec.colour: Unsupported value: "green": supported values: "red", "blue"',
    ],
    [
      { size: 1, code: "A" },
      `spec.code: Invalid value: "A": spec.code in body should match '^[a-z]+$'`,
    ],
    [
      { size: 1, labels: { a: 1 } },
      'spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer"',
    ],
  ])("refuses %j", async (spec, problem) => {
    const { code, body } = await create("bad", spec);
    expect([code, body.message]).toEqual([422, `Widget.example.com "bad" is invalid: ${problem}`]);
  });

  it("also holds for changes", async () => {
    await create("changed", { size: 1 });
    const headers = { "content-type": "application/merge-patch+json" };
    const body = { spec: { size: null } };
    const answer = await ask(server, `${WIDGETS}/changed`, { method: "PATCH", body, headers });
    expect(answer.code).toBe(422);
  });

  it("is what OpenAPI tells of the kind", async () => {
    const { components } = (await ask(server, "/openapi/v3/apis/example.com/v1")).body;
    expect(components.schemas["com.example.v1.Widget"]).toMatchObject({
      "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind: "Widget" }],
      properties: { spec: { required: ["size"] } },
    });
  });
});
