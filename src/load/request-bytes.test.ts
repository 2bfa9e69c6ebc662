import { describe, expect, it } from "vitest";
import { requestBytes } from "./request-bytes.ts";
import { entranceOf, parseTarget } from "./target.ts";

const target = parseTarget("http://shop.example:8080/api/");

describe("requestBytes", () => {
  it("fills key and number in everywhere, and counts the bytes of the body that results", () => {
    const template = {
      method: "POST",
      path: "/orders/{{seq}}",
      headers: { "Idempotency-Key": "{{key}}" },
      body: '{"é":"{{key}}-{{seq}}"}',
    };
    const text = requestBytes(template, target, "keep-alive")("k-7", 7).toString("utf8");
    expect(text.split("\r\n")).toEqual([
      "POST /api/orders/7 HTTP/1.1",
      "Host: shop.example:8080",
      "Connection: keep-alive",
      "X-Request-Id: k-7",
      "Idempotency-Key: k-7",
      `Content-Length: ${Buffer.byteLength('{"é":"k-7-7"}')}`,
      "",
      '{"é":"k-7-7"}',
    ]);
  });

  it("lets the template name its own host, connection and request id", () => {
    const headers = { host: "other", "x-request-id": "mine", CONNECTION: "close" };
    const bytes = requestBytes({ method: "GET", path: "/", headers }, target, "keep-alive");
    expect(bytes("k", 1).toString()).toBe(
      "GET /api/ HTTP/1.1\r\nhost: other\r\nx-request-id: mine\r\nCONNECTION: close\r\n\r\n",
    );
  });

  it("says that a POST without a body has none, and sends cookies only if there are any", () => {
    const bytes = requestBytes({ method: "POST", path: "/", headers: {} }, target, "close");
    expect(bytes("k", 1).toString()).toContain("Content-Length: 0\r\n");
    expect(bytes("k", 1).toString()).not.toContain("Cookie");
    expect(bytes("k", 1, "a=1").toString()).toContain("\r\nCookie: a=1\r\n");
  });
});

describe("parseTarget", () => {
  it("knows the port of a scheme, brackets of IPv6, and that a base path ends without a slash", () => {
    expect(parseTarget("https://[::1]/")).toEqual({
      secure: true,
      hosts: ["::1"],
      port: 443,
      authority: "[::1]",
      basePath: "",
    });
    expect(target).toMatchObject({
      hosts: ["shop.example"],
      serverName: "shop.example",
      port: 8080,
      basePath: "/api",
    });
  });

  it("opens connections at each entrance in turn, and goes on naming the URL's own host", () => {
    const entrances = parseTarget("https://shop.example:30443", ["10.0.0.1", "10.0.0.2"]);
    const second = { host: "10.0.0.2", number: 2 };
    const inTurn = [second, { host: "10.0.0.1", number: 1 }, second];
    expect([1, 2, 3].map((connection) => entranceOf(entrances, connection))).toEqual(inTurn);
    expect(entrances).toMatchObject({
      serverName: "shop.example",
      authority: "shop.example:30443",
    });
    expect(entranceOf(parseTarget("http://shop.example", []), 7).host).toBe("shop.example");
  });

  it.each(["shop", "ftp://shop/", ""])("refuses %j, which is no place to send HTTP to", (url) => {
    expect(() => parseTarget(url)).toThrow(`The load cannot be sent to "${url}".`);
  });
});
