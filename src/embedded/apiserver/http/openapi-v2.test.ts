import { describe, expect, it } from "vitest";
import { readMessage } from "#embedded/apiserver/protobuf/wire-reader.ts";
import { ResourceCatalog } from "#embedded/apiserver/registry/resource-catalog.ts";
import { define } from "#embedded/apiserver/registry/resource-definition.ts";
import { encodeOpenApiV2, openApiV2 } from "./openapi-v2.ts";

const deployments = { group: "apps", version: "v1", plural: "deployments", kind: "Deployment" };
const reviews = { group: "a", version: "v1", plural: "reviews", kind: "Review" };
const catalog = new ResourceCatalog([
  define({ ...deployments, namespaced: true }),
  define({ ...reviews, namespaced: false }, { verbs: ["create"] }),
]);
const widgets = { group: "x.example.com", version: "v1", plural: "widgets", kind: "Widget" };
const PATH = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";

/** The messages in fields of that number, or their texts. */
const fields = (message: Buffer, number: number) =>
  [...readMessage(message)].flatMap((field) =>
    field.type === "bytes" && field.number === number ? [field.bytes] : [],
  );
/** Follows the first field of each number. */
const dig = (message: Buffer, ...numbers: readonly number[]) =>
  numbers.reduce((inner, number) => fields(inner, number)[0] ?? Buffer.alloc(0), message);

describe("the OpenAPI document of version 2", () => {
  it("tells as JSON what can be patched, and which options a patch has", () => {
    expect(openApiV2(catalog)).toMatchObject({
      swagger: "2.0",
      paths: {
        [PATH]: {
          patch: {
            parameters: expect.arrayContaining([{ name: "dryRun", in: "query", type: "string" }]),
            "x-kubernetes-group-version-kind": { group: "apps", version: "v1", kind: "Deployment" },
          },
        },
      },
    });
  });

  it("describes custom resources by their definitions, and those that keep everything as any object", () => {
    const size = { type: "object", properties: { size: { type: "integer" } } };
    const schemaOf = (schema: object) => {
      const particulars = { isCustom: true, schema: { ...schema } };
      const custom = new ResourceCatalog([define({ ...widgets, namespaced: true }, particulars)]);
      const { definitions } = openApiV2(custom) as { definitions: Record<string, object> };
      return definitions["com.example.x.v1.Widget"];
    };
    const kind = {
      "x-kubernetes-group-version-kind": [
        { group: "x.example.com", version: "v1", kind: "Widget" },
      ],
    };
    expect(schemaOf(size)).toEqual({
      ...{ type: "object", ...kind },
      properties: {
        ...{ size: { type: "integer" }, metadata: expect.anything() },
        ...{ apiVersion: expect.anything(), kind: expect.anything() },
      },
    });
    const all = { ...size, "x-kubernetes-preserve-unknown-fields": true };
    expect(schemaOf(all)).toEqual({ type: "object", ...kind });
  });

  it("tells the same as protobuf", () => {
    const document = encodeOpenApiV2(catalog);
    expect(dig(document, 1).toString()).toBe("2.0");
    const [paths = document] = fields(document, 8);
    const items = fields(paths, 2);
    expect(items.map((item) => dig(item, 1).toString())).toEqual([PATH]);
    const patch = dig(items[0] ?? paths, 2, 8);
    const names = fields(patch, 8).map((item) => dig(item, 1, 2, 3, 4).toString());
    expect(names).toEqual(["dryRun", "fieldManager", "fieldValidation", "force"]);
    const extension = dig(patch, 13);
    expect(dig(extension, 1).toString()).toBe("x-kubernetes-group-version-kind");
    expect(dig(extension, 2, 2).toString()).toBe('{group: "apps", version: v1, kind: Deployment}');
  });
});
