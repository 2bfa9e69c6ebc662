import { describe, expect, it } from "vitest";
import type { AuditCheck } from "#domain/audit-check.ts";
import { findInAudit } from "./find-in-audit.ts";

const answer = {
  bank: { balances: { ann: 400, bob: 600 }, list: [1, 2, 3] },
  sold: 12,
  orders: ["run-2-a", "run-1-a", "run-2-a"],
  mixed: ["a", 1],
};
const find = (type: AuditCheck["type"], path: string) => {
  const check = { type, name: "it", path: path.split(".") } as AuditCheck; // the fields that are read
  return findInAudit(answer, check, (key) => key.startsWith("run-2-"));
};

describe("findInAudit", () => {
  it("adds up the members of an object, a list, or a single number", () => {
    expect([find("sum", "bank.balances"), find("sum", "bank.list"), find("sum", "sold")]).toEqual([
      1_000, 6, 12,
    ]);
  });

  it("reads a counter", () => {
    expect(find("counter", "sold")).toBe(12);
  });

  it("keeps the keys of this run, each as often as it is there", () => {
    expect(find("set", "orders")).toEqual(["run-2-a", "run-2-a"]);
  });

  it.each([
    ["sum", "mixed", "mixed in the answer is not numbers only"],
    ["sum", "bank.nothing", "bank.nothing in the answer is not numbers only"],
    ["counter", "orders", "orders in the answer is not a number"],
    ["counter", "toString.length", "toString.length in the answer is not a number"],
    ["set", "mixed", "mixed in the answer is not a list of keys"],
    ["set", "sold", "sold in the answer is not a list of keys"],
  ] as const)("does not guess what a %s means at %s", (type, path, message) => {
    expect(() => find(type, path)).toThrow(message);
  });
});
