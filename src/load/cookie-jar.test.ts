import { describe, expect, it } from "vitest";
import { CookieJar } from "./cookie-jar.ts";

function answerThatSets(...cookies: readonly string[]) {
  const headers = cookies.flatMap((cookie) => ["set-cookie", cookie]);
  return { status: 200, keepAlive: true, framing: { type: "none" }, headers } as const;
}

describe("CookieJar", () => {
  it("sends back names and values, the last of each name, without the attributes", () => {
    const jar = new CookieJar();
    jar.keep(answerThatSets("session=a=b; Path=/; HttpOnly", "cart=1"));
    jar.keep(answerThatSets("cart=2; Secure"));
    expect(jar.header).toBe("session=a=b; cart=2");
  });

  it("sends nothing before there is a cookie, nor after the server took it back", () => {
    const jar = new CookieJar();
    expect(jar.header).toBeUndefined();
    jar.keep(answerThatSets("=nameless", "session=1"));
    jar.keep(answerThatSets("session=; Max-Age=0"));
    expect(jar.header).toBeUndefined();
  });
});
