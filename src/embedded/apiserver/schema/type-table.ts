import { CORE_TYPES } from "./core-types.ts";
import { DEFINITION_TYPES } from "./definition-types.ts";
import { GROUP_TYPES } from "./group-types.ts";
import { META_TYPES } from "./meta-types.ts";
import { POD_TYPES } from "./pod-types.ts";
import { VOLUME_TYPES } from "./volume-types.ts";
import { WORKLOAD_TYPES } from "./workload-types.ts";

/**
 * The fields of the API's types: enough to tell an unknown field from a known one, and to read the
 * protobuf that `kubectl create` sends. One line describes one type; a line that is indented goes on:
 *
 *   Container: 1 name, 3 command*, 6 ports*ContainerPort, 8 resources:ResourceRequirements
 *              │ └ name in JSON    └ a list of them       └ one of them
 *              └ number in protobuf
 *
 * Without a type it is a string. `%` is a map by string, and `~` a type whose fields JSON shows directly
 * in its owner. `int`, `float`, `bool`, `bytes`, `Time`, `Quantity`, `IntOrString` are scalars in JSON;
 * `Raw` is any document, `SchemaOrBool` and its like are one or the other.
 */
export interface FieldType {
  readonly number: number;
  readonly name: string;
  readonly shape: "one" | "list" | "map" | "inline";
  readonly type: string;
}

/** The fields of one type, found by either of their identities. */
export interface ObjectType {
  readonly name: string;
  readonly byNumber: ReadonlyMap<number, FieldType>;
  /** With those of inlined types. */
  readonly byName: ReadonlyMap<string, FieldType>;
}

const SHAPES = { "*": "list", "%": "map", "~": "inline", ":": "one" } as const;
const FIELD = /^(\d+) ([\w$-]+)([*%~:]?)(\w*)$/;

let lines: ReadonlyMap<string, string> | undefined;
const parsed = new Map<string, ObjectType>();

/** The type of that name; undefined for a scalar, and for what the table does not describe. */
export function findType(name: string): ObjectType | undefined {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  lines ??= splitTable();
  const line = lines.get(name);
  if (line === undefined) return undefined;
  const fields = line.split(", ").map(parseField);
  const type = {
    name,
    byNumber: new Map(fields.map((field) => [field.number, field])),
    byName: new Map(fields.flatMap((field) => inlined(field).map((one) => [one.name, one]))),
  };
  parsed.set(name, type);
  return type;
}

/** Kinds whose name stands for another type in one group and version. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
  "events.k8s.io/v1 Event": "EventsEvent",
  "autoscaling/v1 HorizontalPodAutoscaler": "HorizontalPodAutoscalerV1",
};

/** The type of a whole object. */
export function findKind(apiVersion: string, kind: string): ObjectType | undefined {
  return findType(OTHER_TYPES[`${apiVersion} ${kind}`] ?? kind);
}

function inlined(field: FieldType): readonly FieldType[] {
  return field.shape === "inline" ? [...(findType(field.type)?.byName.values() ?? [])] : [field];
}

function parseField(text: string): FieldType {
  const match = FIELD.exec(text);
  if (match === null) throw new Error(`the type table has an unreadable field: ${text}`);
  const [, number = "", name = "", mark = "", type = ""] = match;
  const shape = SHAPES[mark as keyof typeof SHAPES] ?? "one";
  return { number: Number(number), name, shape, type };
}

function splitTable(): ReadonlyMap<string, string> {
  const all = [META_TYPES, CORE_TYPES, POD_TYPES, VOLUME_TYPES, WORKLOAD_TYPES, GROUP_TYPES];
  return new Map(
    [...all, DEFINITION_TYPES]
      .join("")
      .replaceAll(/\n +/g, " ")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const colon = line.indexOf(": ");
        return [line.slice(0, colon), line.slice(colon + 2)] as const;
      }),
  );
}
