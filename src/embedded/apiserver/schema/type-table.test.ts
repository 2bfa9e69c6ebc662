import * as clientNode from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { CORE_TYPES } from "./core-types.ts";
import { GROUP_TYPES } from "./group-types.ts";
import { META_TYPES } from "./meta-types.ts";
import { POD_TYPES } from "./pod-types.ts";
import { findKind, findType } from "./type-table.ts";
import { VOLUME_TYPES } from "./volume-types.ts";
import { WORKLOAD_TYPES } from "./workload-types.ts";

const ALL = [META_TYPES, CORE_TYPES, POD_TYPES, VOLUME_TYPES, WORKLOAD_TYPES, GROUP_TYPES].join("");
const NAMES = [...ALL.matchAll(/^(\w+): /gm)].map(([, name = ""]) => name);
/** Known here under a name of their own, because two groups share the real one. */
const RENAMED: Readonly<Record<string, string>> = {
  Event: "CoreV1Event",
  EventSeries: "CoreV1EventSeries",
  EventsEvent: "EventsV1Event",
  EventsEventSeries: "EventsV1EventSeries",
  EndpointPort: "CoreV1EndpointPort",
  SlicePort: "DiscoveryV1EndpointPort",
  Subject: "RbacV1Subject",
};

interface Model {
  getAttributeTypeMap(): readonly { readonly baseName: string }[];
}

function modelOf(name: string): Model | undefined {
  const models = clientNode as unknown as Readonly<Record<string, Model | undefined>>;
  const candidates = [RENAMED[name] ?? "", `V2${name}`, `V1${name}`];
  return candidates.map((candidate) => models[candidate]).find((model) => model !== undefined);
}

describe("the type table", () => {
  it("can be read whole, and every type it refers to is in it or is a scalar", () => {
    const scalars = new Set(
      "int float bool bytes Time MicroTime Quantity IntOrString Raw FieldsV1 ExtraValue SchemaOrArray SchemaOrBool SchemaOrNames".split(
        " ",
      ),
    );
    const dangling = NAMES.flatMap((name) =>
      [...(findType(name)?.byName.values() ?? [])]
        .map(({ type }) => type)
        .filter((type) => type !== "" && !scalars.has(type) && findType(type) === undefined),
    );
    expect(NAMES.length).toBeGreaterThan(300);
    expect(dangling).toEqual([]);
  });

  it("has the fields that the generated client has, neither more nor less", () => {
    const differences = NAMES.flatMap((name) => {
      const model = modelOf(name);
      const type = findType(name);
      if (model === undefined || type === undefined) return [];
      const expected = new Set(model.getAttributeTypeMap().map(({ baseName }) => baseName));
      for (const inherited of ["apiVersion", "kind"]) {
        if (!type.byName.has(inherited)) expected.delete(inherited);
      }
      const missing = [...expected].filter((field) => !type.byName.has(field));
      const extra = [...type.byName.keys()].filter((field) => !expected.has(field));
      return [
        ...missing.map((field) => `${name} lacks ${field}`),
        ...extra.map((field) => `${name} has ${field}`),
      ];
    });
    expect(differences).toEqual([]);
  });

  it("gives no number twice within a type", () => {
    const clashing = NAMES.filter((name) => {
      const fields = new RegExp(`^${name}: ((?:.*\n)(?: .*\n)*)`, "m").exec(ALL)?.[1] ?? "";
      const numbers = [...fields.matchAll(/(\d+) \w+/g)].map(([, number]) => number);
      return new Set(numbers).size < numbers.length;
    });
    expect(clashing).toEqual([]);
  });

  it("tells the two kinds of Event apart", () => {
    expect(findKind("v1", "Event")?.byName.has("involvedObject")).toBe(true);
    expect(findKind("events.k8s.io/v1", "Event")?.byName.has("regarding")).toBe(true);
  });
});
