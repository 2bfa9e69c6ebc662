import { describe, expect, it } from "vitest";
import type { Backend } from "./endpoint-choice.ts";
import { renderRules } from "./kernel-rules.ts";
import type { Frontend } from "./service-frontends.ts";

const aBackend = (address: string): Backend => ({
  address,
  port: 8080,
  ready: true,
  serving: true,
  terminating: false,
});
const aFrontend = (over: Partial<Frontend> = {}): Frontend => ({
  key: "240.1.250.2:80",
  address: "240.1.250.2",
  port: 80,
  portName: "http",
  servicePort: "default/web:http",
  eligible: [aBackend("240.1.1.1"), aBackend("240.1.2.1")],
  whenNobody: "refuse",
  ...over,
});
const lines = (frontends: readonly Frontend[], before: ReadonlySet<string> = new Set()) =>
  renderRules(frontends, before).script.trim().split("\n");
const services = (...frontends: Frontend[]) =>
  lines(frontends)
    .filter((line) => line.startsWith("add rule ip lastcall services "))
    .map((line) => line.slice("add rule ip lastcall services ".length));

describe("renderRules", () => {
  it("gives each backend of a frontend the same chance", () => {
    expect(services(aFrontend())).toEqual([
      "ip daddr 240.1.250.2 tcp dport 80 dnat ip addr . port to numgen random mod 2 map { 0 : 240.1.1.1 . 8080, 1 : 240.1.2.1 . 8080 }",
      expect.anything(),
    ]);
  });

  it("has an answer without a map for a packet that meets the rules while they are replaced", () => {
    expect(services(aFrontend()).at(-1)).toBe(
      "ip daddr 240.1.250.2 tcp dport 80 dnat ip to 240.1.1.1:8080",
    );
  });

  it("replaces the rules that were there before", () => {
    expect(lines([])).toEqual([
      "flush chain ip lastcall services",
      "flush set ip lastcall hairpins",
    ]);
  });

  it("leaves a frontend without a backend to the kernel, which refuses, or drops what may not leave the node", () => {
    expect(services(aFrontend({ eligible: [] }))).toEqual([]);
    expect(services(aFrontend({ eligible: [], whenNobody: "drop" }))).toEqual([
      "ip daddr 240.1.250.2 tcp dport 80 drop",
    ]);
  });

  it("asks where the client is before it serves everybody", () => {
    const ofNode = aFrontend({ clients: "240.1.1.0/24", eligible: [aBackend("240.1.1.1")] });
    const asked = services(ofNode, aFrontend()).map((rule) => rule.split(" dnat")[0]);
    expect([...new Set(asked)]).toEqual([
      "ip saddr 240.1.1.0/24 ip daddr 240.1.250.2 tcp dport 80",
      "ip daddr 240.1.250.2 tcp dport 80",
    ]);
  });

  it("lets every pod reach itself", () => {
    expect(lines([aFrontend()]).at(-1)).toBe(
      "add element ip lastcall hairpins { 240.1.1.1 . 240.1.1.1, 240.1.2.1 . 240.1.2.1 }",
    );
  });

  it("writes no address that nft would refuse, since it would refuse everything with it", () => {
    const mixed = [aBackend("fd00::1"), aBackend("example.com"), aBackend("240.1.1.1")];
    expect(services(aFrontend({ eligible: mixed }))).toEqual([
      expect.stringContaining("mod 1 map { 0 : 240.1.1.1 . 8080 }"),
      expect.stringContaining("dnat ip to 240.1.1.1:8080"),
    ]);
    expect(services(aFrontend({ address: "fd00::1" }))).toEqual([]);
  });

  describe("with session affinity", () => {
    const sticky = aFrontend({ affinityTimeoutMs: 60_000 });

    it("sends a client that is known to where it was, before it picks by chance", () => {
      const rules = services(sticky);
      const [a, b] = [...renderRules([sticky], new Set()).sticky];
      const match = "ip daddr 240.1.250.2 tcp dport 80";
      expect(rules).toEqual([
        `${match} ip saddr @${a} goto ${a}`,
        `${match} ip saddr @${b} goto ${b}`,
        `${match} numgen random mod 2 vmap { 0 : goto ${a}, 1 : goto ${b} }`,
        `${match} goto ${a}`,
      ]);
      expect(lines([sticky])).toContain(
        `add set ip lastcall ${a} { type ipv4_addr; flags dynamic,timeout; timeout 60s; }`,
      );
    });

    it("remembers clients by the port of the Service, at whichever address they come", () => {
      const atNode = { ...sticky, key: "240.1.0.11:30080", address: "240.1.0.11", port: 30_080 };
      expect(renderRules([atNode], new Set()).sticky).toEqual(
        renderRules([sticky], new Set()).sticky,
      );
    });

    it("forgets the clients of a backend that has gone, after nothing leads there any more", () => {
      const before = renderRules([sticky], new Set()).sticky;
      const [gone] = before;
      const left = { ...sticky, eligible: sticky.eligible.slice(1) };
      expect(lines([left], before).slice(0, 4)).toEqual([
        "flush chain ip lastcall services",
        `flush chain ip lastcall ${gone}`,
        `delete chain ip lastcall ${gone}`,
        `delete set ip lastcall ${gone}`,
      ]);
    });
  });
});
