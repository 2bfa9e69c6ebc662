import { describe, expect, it } from "vitest";
import { explainListening } from "./explain-listening.ts";

const host = "127.3.1.1";
const at = (address: string, port: number) => ({ address, port, host });
const explain = (...listeners: readonly ReturnType<typeof at>[]) =>
  explainListening(listeners, { program: "node server.js", port: 8080 });

describe("explainListening", () => {
  it("has nothing to say of a program that listens nowhere yet", () => {
    expect(explain()).toBe("silent");
  });

  it.each([host, "0.0.0.0", "::"])("takes %s for an address of the pod", (address) => {
    expect(explain(at("127.0.0.1", 9090), at(address, 8080))).toBe("reached");
  });

  it("names the ports that it listens on instead, once each, and the option", () => {
    expect(explain(at(host, 9090), at(host, 3000), at("127.3.1.2", 3000))).toMatchObject({
      code: "WRONG_PORT",
      message: "node server.js listens on port 3000 and 9090, and the load would go to port 8080.",
      hint: expect.stringMatching(/^Say --port 3000, or .* \{port\}/),
    });
  });

  it("tells the right port of the wrong address from it", () => {
    expect(explain(at("127.0.0.1", 8080))).toMatchObject({
      code: "WRONG_ADDRESS",
      message: "node server.js listens on 127.0.0.1:8080, and not on the address of its pod.",
      hint: expect.stringContaining("{host}"),
    });
  });
});
