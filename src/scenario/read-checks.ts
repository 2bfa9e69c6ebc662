import type { AuditCheck } from "#domain/audit-check.ts";
import { listReader, NAME, TEXT, textReader, wordReader } from "./readers.ts";
import type { Reader, YamlFields } from "./yaml-value.ts";

const TYPE = wordReader(["sum", "set", "counter"] as const);

const NUMBER = textReader("a number", (text) => {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : undefined;
});

const CHECK: Reader<AuditCheck> = {
  expected: "a check: a mapping with type and path, such as { type: set, path: orders }",
  read: (value) => {
    const fields = value.fields(CHECK.expected);
    if (fields === undefined) return undefined;
    const type = fields.required("type", TYPE);
    const check = type === undefined ? undefined : readCheck(fields, type);
    if (type !== undefined) fields.refuseOthers();
    return check;
  },
};

function readCheck(fields: YamlFields, type: AuditCheck["type"]): AuditCheck | undefined {
  const text = fields.required("path", TEXT);
  const name = fields.optional("name", NAME) ?? text;
  const limit = readLimit(fields, type);
  if (text === undefined || name === undefined || limit === undefined) return undefined;
  return { name, path: text.split("."), ...limit };
}

/** What a check of this type needs besides its path. */
function readLimit(fields: YamlFields, type: AuditCheck["type"]) {
  switch (type) {
    case "sum": {
      const equals = fields.required("equals", NUMBER);
      return equals === undefined ? undefined : { type, equals };
    }
    case "set":
      return { type };
    case "counter":
      return { type, from: fields.optional("from", NUMBER) ?? 0 };
  }
}

/** `[{ type: sum, path: balances, equals: 1000 }, { type: set, path: orders }, { type: counter, path: sold }]`. */
export const CHECKS: Reader<readonly AuditCheck[]> = listReader(
  "a list of checks, each with type and path",
  CHECK,
);
