import type { AuditCheck, AuditPlace } from "#domain/audit-check.ts";
import { QUERY } from "./read-audit-source.ts";
import { listReader, NAME, POSITIVE_DURATION, TEXT, textReader, wordReader } from "./readers.ts";
import type { Reader, YamlFields } from "./yaml-value.ts";

const TYPE = wordReader(["sum", "set", "counter", "queue"] as const);
const DELIVERY = wordReader(["exactly-once", "at-least-once"] as const);
const DEFAULT_WITHIN_MS = 10_000;

const NUMBER = textReader("a number", (text) => {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : undefined;
});

/** The checks of a stream: each has a query where its audit is a database, and else a path. */
export function checksReader(place: AuditPlace["type"]): Reader<readonly AuditCheck[]> {
  return listReader(`a list of checks, each with type and ${place}`, checkReader(place));
}

function checkReader(placeType: AuditPlace["type"]): Reader<AuditCheck> {
  const example = placeType === "path" ? "path: orders" : "query: SELECT key FROM orders";
  const expected = `a check: a mapping with type and ${placeType}, such as { type: set, ${example} }`;
  return {
    expected,
    read: (value) => {
      const fields = value.fields(expected);
      if (fields === undefined) return undefined;
      const type = fields.required("type", TYPE);
      const check = type === undefined ? undefined : readCheck(fields, type, placeType);
      if (type !== undefined) fields.refuseOthers();
      return check;
    },
  };
}

function readCheck(
  fields: YamlFields,
  type: AuditCheck["type"],
  placeType: AuditPlace["type"],
): AuditCheck | undefined {
  const text = fields.required(placeType, placeType === "path" ? TEXT : QUERY);
  // A query is too long for a name.
  const name = fields.optional("name", NAME) ?? (placeType === "path" ? text : type);
  const rule = readRule(fields, type);
  if (text === undefined || name === undefined) return undefined;
  const place: AuditPlace =
    placeType === "path"
      ? { type: "path", names: text.split(".") }
      : { type: "query", query: text };
  return { name, place, ...rule };
}

/** What a check of this type may state besides its place. */
function readRule(fields: YamlFields, type: AuditCheck["type"]) {
  switch (type) {
    case "sum": {
      const equals = fields.optional("equals", NUMBER);
      return { type, ...(equals !== undefined && { equals }) };
    }
    case "set":
      return { type };
    case "counter": {
      const from = fields.optional("from", NUMBER);
      return { type, ...(from !== undefined && { from }) };
    }
    case "queue":
      return {
        type,
        delivery: fields.optional("delivery", DELIVERY) ?? "exactly-once",
        withinMs: fields.optional("within", POSITIVE_DURATION) ?? DEFAULT_WITHIN_MS,
      };
  }
}
