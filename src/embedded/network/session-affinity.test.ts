import { describe, expect, it } from "vitest";
import type { Backend } from "./endpoint-choice.ts";
import { SessionAffinity } from "./session-affinity.ts";

const aBackend = (address: string): Backend => ({
  address,
  port: 80,
  ready: true,
  serving: true,
  terminating: false,
});
const [a, b] = [aBackend("a"), aBackend("b")];
const at = (nowMs: number, random: number) => ({ nowMs, random: () => random });

describe("SessionAffinity", () => {
  it("keeps a client with its backend whatever chance says", () => {
    const affinity = new SessionAffinity(1000);
    expect(affinity.pick("c", [a, b], at(0, 0))).toBe(a);
    expect(affinity.pick("c", [a, b], at(999, 0.9))).toBe(a);
    expect(affinity.pick("other", [a, b], at(999, 0.9))).toBe(b);
  });

  it("picks anew when the client was away for the timeout, counted from its last connection", () => {
    const affinity = new SessionAffinity(1000);
    affinity.pick("c", [a, b], at(0, 0));
    affinity.pick("c", [a, b], at(900, 0.9));
    expect(affinity.pick("c", [a, b], at(1800, 0.9))).toBe(a);
    expect(affinity.pick("c", [a, b], at(2800, 0.9))).toBe(b);
  });

  it("picks anew when the backend may get no new connections", () => {
    const affinity = new SessionAffinity(1000);
    affinity.pick("c", [a, b], at(0, 0));
    expect(affinity.pick("c", [b], at(1, 0))).toBe(b);
    expect(affinity.pick("c", [a, b], at(2, 0))).toBe(b);
  });
});
