import type { RequestTemplate } from "#domain/load-profile.ts";
import { wordReader } from "./readers.ts";
import type { Reader, YamlFields } from "./yaml-value.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** A text that may hold `{{key}}` and `{{seq}}`, and no other placeholder. */
export const TEMPLATE: Reader<string> = {
  expected: "a text",
  read: (value) => {
    if (value.text === undefined) return value.refuse(TEMPLATE.expected);
    const unknown = [...value.text.matchAll(/\{\{.*?\}\}/g)]
      .map(([placeholder]) => placeholder)
      .find((placeholder) => placeholder !== "{{key}}" && placeholder !== "{{seq}}");
    if (unknown === undefined) return value.text;
    return value.report(`holds ${unknown}; the placeholders are {{key}} and {{seq}}`);
  },
};

/** Where a request goes; the Service is the host. */
export const PATH: Reader<string> = {
  expected: "a path that begins with /",
  read: (value) => {
    if (value.text?.startsWith("/") !== true) return value.refuse(PATH.expected);
    return TEMPLATE.read(value);
  },
};

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Names as HTTP has them, texts with the placeholders of a request. */
export const HEADERS: Reader<Readonly<Record<string, string>>> = {
  expected: "a mapping of header names to texts",
  read: (value) => {
    const fields = value.fields(HEADERS.expected);
    if (fields === undefined) return undefined;
    const headers: Record<string, string> = {};
    for (const name of fields.names) {
      const text = fields.required(name, TEMPLATE);
      if (!HEADER_NAME.test(name)) fields.at(name).report("has a name that no header can have");
      if (text !== undefined) headers[name] = text;
    }
    return headers;
  },
};

/** The members of a stream or step that make its request; the caller refuses the others. */
export function readRequest(fields: YamlFields): RequestTemplate {
  const method = fields.optional("method", wordReader(METHODS)) ?? "GET";
  const path = fields.required("path", PATH) ?? "/";
  const headers = fields.optional("headers", HEADERS) ?? {};
  const body = fields.optional("body", TEMPLATE);
  return { method, path, headers, ...(body !== undefined && { body }) };
}
