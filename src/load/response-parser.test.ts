import { describe, expect, it } from "vitest";
import { ResponseParser } from "./response-parser.ts";

function parse(text: string, method = "GET", pieces: readonly number[] = []): ResponseParser {
  const parser = new ResponseParser(true);
  parser.expect(method);
  const bytes = Buffer.from(text, "latin1");
  let from = 0;
  for (const until of [...pieces, bytes.length]) {
    if (until > from) parser.push(bytes.subarray(from, until));
    from = Math.max(from, until);
  }
  return parser;
}

const SIZED = "HTTP/1.1 200 OK\r\nX-Pod: web-1\r\nContent-Length: 5\r\n\r\nhello";
const CHUNKED =
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n";
const INTERIM = `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${SIZED}`;

describe("ResponseParser", () => {
  it.each([SIZED, CHUNKED, INTERIM])("reads an answer however it is cut into pieces", (text) => {
    for (let first = 1; first < text.length; first++)
      for (let second = first; second <= text.length; second += 7) {
        const parser = parse(text, "GET", [first, second]);
        expect(parser.malformed).toBeUndefined();
        expect([parser.complete, parser.head?.status, parser.body]).toEqual([true, 200, "hello"]);
        expect(parser.surplus).toBe(0);
      }
  });

  it.each([SIZED, CHUNKED, INTERIM])(
    "does not take any part of an answer for the whole",
    (text) => {
      for (let length = 0; length < text.length; length++) {
        const parser = parse(text.slice(0, length));
        parser.finish();
        expect(parser.complete).toBe(false);
      }
    },
  );

  it("counts what comes after the answer, which nobody asked for", () => {
    expect(parse(`${SIZED}HTTP/1.1`).surplus).toBe(8);
  });

  it("takes the end of the connection for the end of a body without a length", () => {
    const parser = parse("HTTP/1.1 200 OK\r\n\r\nhello");
    expect(parser.complete).toBe(false);
    parser.finish();
    expect([parser.complete, parser.body, parser.head?.keepAlive]).toEqual([true, "hello", false]);
  });

  it.each([
    ["HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"],
    ["GET", "HTTP/1.1 204 No Content\r\n\r\n"],
    ["GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"],
  ])("expects no body after %s %j", (method, text) => {
    expect(parse(text, method).complete).toBe(true);
  });

  it.each([
    ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true],
    ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: x, Close\r\n\r\n", false],
    ["HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false],
    ["HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", true],
    ["HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false],
  ])("knows whether the server offers to stay: %j", (text, stays) => {
    const parser = parse(text);
    expect([parser.complete, parser.head?.keepAlive]).toEqual([true, stays]);
  });

  it.each([
    "SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "HTTP/2 200\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "HTTP/1.1 200 OK\r\nBad name : 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\nhel\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}`,
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${"x".repeat(5_000)}`,
  ])("refuses what is no proper answer: %.60j", (text) => {
    const parser = parse(text);
    expect(parser.malformed).toBeDefined();
    expect(parser.complete).toBe(false);
  });

  it("forgets one answer before the next", () => {
    const parser = parse(SIZED);
    parser.expect("GET");
    expect([parser.untouched, parser.complete, parser.head]).toEqual([true, false, undefined]);
    parser.push(Buffer.from("HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno"));
    expect([parser.head?.status, parser.body, parser.complete]).toEqual([503, "no", true]);
  });

  it("is untouched by an interim answer, which says nothing yet", () => {
    const parser = parse("HTTP/1.1 100 Continue\r\n\r\n");
    expect(parser.untouched).toBe(true);
    parser.push(Buffer.from("HTTP"));
    expect(parser.untouched).toBe(false);
  });
});
