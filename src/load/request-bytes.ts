import type { RequestTemplate } from "#domain/load-profile.ts";
import type { Target } from "./target.ts";

/** The request of one exchange on the wire; `cookies` is the value of a `Cookie` header, if any. */
export type RequestBytes = (key: string, seq: number, cookies?: string) => Buffer;

type Fill = (key: string, seq: number) => string;

const PLACEHOLDER = /\{\{(key|seq)\}\}/;
const BODY_BY_NATURE = new Set(["POST", "PUT", "PATCH"]);

/**
 * Prepares a template, so that a request costs a few concatenations. Every request carries its key as
 * `X-Request-Id` unless the template names that header itself; `connection` likewise.
 */
export function requestBytes(
  template: RequestTemplate,
  target: Target,
  connection: "keep-alive" | "close",
): RequestBytes {
  const named = new Set(Object.keys(template.headers).map((name) => name.toLowerCase()));
  const defaults: Readonly<Record<string, string>> = {
    Host: target.authority,
    Connection: connection,
    "X-Request-Id": "{{key}}",
  };
  const lines = [
    `${template.method} ${target.basePath}${template.path} HTTP/1.1`,
    ...Object.entries(defaults)
      .filter(([name]) => !named.has(name.toLowerCase()))
      .map(([name, value]) => `${name}: ${value}`),
    ...Object.entries(template.headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const head = fillIn(`${lines.join("\r\n")}\r\n`);
  const body = fillIn(template.body ?? "");
  const sized = template.body !== undefined || BODY_BY_NATURE.has(template.method);
  return (key, seq, cookies) => {
    const content = body(key, seq);
    const length = sized ? `Content-Length: ${Buffer.byteLength(content)}\r\n` : "";
    const cookie = cookies === undefined ? "" : `Cookie: ${cookies}\r\n`;
    return Buffer.from(`${head(key, seq)}${length}${cookie}\r\n${content}`);
  };
}

/** Cuts a text at its placeholders once, instead of searching for them in every request. */
export function fillIn(text: string): Fill {
  const pieces = text.split(PLACEHOLDER);
  return (key, seq) => {
    let filled = pieces[0] ?? "";
    for (let index = 1; index < pieces.length; index += 2)
      filled += (pieces[index] === "key" ? key : seq) + (pieces[index + 1] ?? "");
    return filled;
  };
}
