import { describe, expect, it } from "vitest";
import { aTransaction } from "#test/support/builders.ts";
import { type AuditCheck, type AuditFinding, checkBreaches } from "./audit-check.ts";

const done = aTransaction({ key: "k1" });
/** The answer to its last step was lost. */
const unsure = aTransaction({
  key: "k2",
  acknowledged: false,
  steps: [
    { name: "reserve", exchange: 3, outcome: "ok" },
    { name: "charge", exchange: 4, outcome: "indeterminate" },
  ],
});
const refused = aTransaction({
  key: "k3",
  acknowledged: false,
  steps: [{ name: "reserve", exchange: 5, outcome: "failed" }],
});

function breaches(check: Partial<AuditCheck>, found: AuditFinding["found"]) {
  const whole = { name: "it", path: ["it"], ...check } as AuditCheck; // each test gives what its type needs
  return checkBreaches(whole, { check: "it", atMs: 0, found }, [done, unsure, refused]);
}

describe("checkBreaches", () => {
  it("wants the total of what is only moved to stay", () => {
    expect(breaches({ type: "sum", equals: 1_000 }, 1_000)).toEqual([]);
    expect(breaches({ type: "sum", equals: 1_000 }, 995)).toEqual([
      "it: the total is 995, and must be 1000.",
    ]);
  });

  it("wants each acknowledged key once, and may find one whose answer was lost", () => {
    expect(breaches({ type: "set" }, ["k1"])).toEqual([]);
    expect(breaches({ type: "set" }, ["k1", "k2"])).toEqual([]);
  });

  it("names the keys that are lost, doubled, or that nobody asked for", () => {
    expect(breaches({ type: "set" }, ["k2", "k2", "k9"])).toEqual([
      "it: k1 was acknowledged and is lost.",
      "it: k2 is there 2 times.",
      "it: k9 is there, and nobody asked for it.",
    ]);
  });

  it("wants a counter between what was acknowledged and what may have counted", () => {
    const counter = { type: "counter", from: 10 } as const;
    expect([breaches(counter, 11), breaches(counter, 12)]).toEqual([[], []]);
    expect(breaches(counter, 10)).toEqual(["it: it is 10, and must be from 11 to 12."]);
    expect(breaches(counter, 13)).toHaveLength(1); // k3 was refused and cannot have counted
  });
});
