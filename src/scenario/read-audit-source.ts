import { resolve } from "node:path";
import type { AuditSource } from "#domain/audit-source.ts";
import { TEXT } from "./readers.ts";
import type { Reader, YamlFields, YamlValue } from "./yaml-value.ts";

const EXPECTED =
  "a path that begins with /, or a mapping with query and either sqlite or postgres, such as " +
  "{ sqlite: shop.db, query: SELECT key, effect, count FROM ledger }";

/** Where the ledger is read back. A file of SQLite is named from the scenario's own folder. */
export function auditSourceReader(directory: string): Reader<AuditSource> {
  return {
    expected: EXPECTED,
    read: (value) => {
      if (value.isMapping) return readDatabase(value, directory);
      if (value.text?.startsWith("/") !== true) return value.refuse(EXPECTED);
      const path = readTemplate(value);
      return path === undefined ? undefined : { type: "http", path };
    },
  };
}

/** One statement of SQL, which the database reads and we do not. */
export const QUERY: Reader<string> = {
  expected: "a query",
  read: (value) => (value.text === "" ? value.refuse(QUERY.expected) : readTemplate(value)),
};

/** A text in which `{{prefix}}` stands for how the keys of the run begin. */
function readTemplate(value: YamlValue): string | undefined {
  if (value.text === undefined) return value.refuse(QUERY.expected);
  const unknown = /\{\{(?!prefix\}\}).*?\}\}/.exec(value.text)?.[0];
  if (unknown === undefined) return value.text;
  return value.report(`holds ${unknown}; the placeholder here is {{prefix}}`);
}

function readDatabase(value: YamlValue, directory: string): AuditSource | undefined {
  const fields = value.fields(EXPECTED);
  if (fields === undefined) return undefined;
  const file = fields.optional("sqlite", TEXT);
  const urlFrom = fields.optional("postgres", POSTGRES);
  const query = fields.required("query", QUERY);
  fields.refuseOthers();
  if (!hasOneDatabase(fields))
    return value.report("must have one of sqlite and postgres: the database that the query asks");
  if (query === undefined) return undefined;
  if (file !== undefined) return { type: "sqlite", file: resolve(directory, file), query };
  return urlFrom === undefined ? undefined : { type: "postgres", urlFrom, query };
}

function hasOneDatabase({ names }: YamlFields): boolean {
  return names.includes("sqlite") !== names.includes("postgres");
}

const POSTGRES: Reader<string> = {
  expected: "a mapping such as { urlFrom: DATABASE_URL }",
  read: (value) => {
    const fields = value.fields(POSTGRES.expected);
    const name = fields?.required("urlFrom", VARIABLE);
    fields?.refuseOthers();
    return name;
  },
};

const VARIABLE: Reader<string> = {
  expected: "the name of an environment variable, such as DATABASE_URL",
  read: (value) => {
    const { text = "" } = value;
    if (/^[A-Za-z_]\w*$/.test(text)) return text;
    // Not quoted, because it may well be the address itself, with its password.
    return value.report(
      `must be ${VARIABLE.expected}, that holds the address; the address itself belongs in no file`,
    );
  },
};
