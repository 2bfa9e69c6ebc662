/** What the first lines of an answer say, as far as the load needs it. */
export interface ResponseHead {
  readonly status: number;
  /** Whether the server offers to answer another request on the same connection. */
  readonly keepAlive: boolean;
  readonly framing: Framing;
  /** Name, value, name, value, …; names in lower case, in the order they came. */
  readonly headers: readonly string[];
}

/** How the end of the body is told. */
type Framing =
  | { readonly type: "none" }
  | { readonly type: "sized"; readonly bytes: number }
  | { readonly type: "chunked" }
  | { readonly type: "until-close" };

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?$/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const LENGTH = /^\d{1,15}$/;

/** The first value of a header; `name` is in lower case. */
export function headerValue(head: ResponseHead, name: string): string | undefined {
  for (let index = 0; index < head.headers.length; index += 2)
    if (head.headers[index] === name) return head.headers[index + 1];
  return undefined;
}

/** Reads a head without its last empty line; a string says why it is none. */
export function parseResponseHead(text: string, method: string): ResponseHead | string {
  const lines = text.split("\r\n");
  const [, minor, code] = STATUS_LINE.exec(lines[0] ?? "") ?? [];
  if (minor === undefined) return "The answer does not begin with a status line of HTTP/1.1.";
  const headers: string[] = [];
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon));
    if (!FIELD_NAME.test(name)) return "A header of the answer has no proper name.";
    headers.push(name.toLowerCase(), line.slice(colon + 1).trim());
  }
  const status = Number(code);
  const bodiless = method === "HEAD" || status < 200 || status === 204 || status === 304;
  const framing = bodiless ? ({ type: "none" } as const) : framingOf(headers);
  if (typeof framing === "string") return framing;
  return { status, keepAlive: offersToStay(headers, minor, framing), framing, headers };
}

/** RFC 9112, section 6.3: transfer coding before length, and the end of the connection after both. */
function framingOf(headers: readonly string[]): Framing | string {
  const coding = valuesOf(headers, "transfer-encoding").at(-1);
  if (coding !== undefined)
    return coding.toLowerCase() === "chunked" ? { type: "chunked" } : { type: "until-close" };
  const lengths = new Set(valuesOf(headers, "content-length"));
  if (lengths.size === 0) return { type: "until-close" };
  const [length] = lengths;
  if (lengths.size > 1 || length === undefined || !LENGTH.test(length))
    return "The answer has no single, proper Content-Length.";
  return { type: "sized", bytes: Number(length) };
}

function offersToStay(headers: readonly string[], minor: string, framing: Framing): boolean {
  // Both framings at once is what smuggling looks like: the answer counts, the connection does not stay.
  const ambiguous = framing.type === "chunked" && valuesOf(headers, "content-length").length > 0;
  if (framing.type === "until-close" || ambiguous) return false;
  const options = valuesOf(headers, "connection").map((option) => option.toLowerCase());
  return !options.includes("close") && (minor === "1" || options.includes("keep-alive"));
}

/** All members of a header that may be a list or come more than once. */
function valuesOf(headers: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let index = 0; index < headers.length; index += 2)
    if (headers[index] === name)
      for (const value of headers[index + 1]?.split(",") ?? []) values.push(value.trim());
  return values;
}
