import { describe, expect, it } from "vitest";
import type { AuditCheck } from "#domain/audit-check.ts";
import { findInAudit } from "./find-in-audit.ts";

const values = {
  balances: { ann: 400, bob: 600 },
  list: [1, 2, 3],
  sold: 12,
  orders: ["run-2-a", "run-1-a", "run-2-a"],
  mixed: ["a", 1],
};
const find = (type: AuditCheck["type"], name: keyof typeof values | "nothing") => {
  const check = { type, name: "it", place: { type: "path", names: ["a", name] } } as AuditCheck; // what is read
  const value = { ...values, nothing: undefined }[name];
  return findInAudit(value, check, (key) => key.startsWith("run-2-"));
};

describe("findInAudit", () => {
  it("adds up the members of an object, a list, or a single number", () => {
    expect([find("sum", "balances"), find("sum", "list"), find("sum", "sold")]).toEqual([
      1_000, 6, 12,
    ]);
  });

  it("reads a counter", () => {
    expect(find("counter", "sold")).toBe(12);
  });

  it.each(["set", "queue"] as const)(
    "keeps the keys of this run for a %s, each as often as it is there",
    (type) => {
      expect(find(type, "orders")).toEqual(["run-2-a", "run-2-a"]);
    },
  );

  it.each([
    ["sum", "mixed", "a.mixed in the answer is not numbers only"],
    ["sum", "nothing", "a.nothing in the answer is not numbers only"],
    ["counter", "orders", "a.orders in the answer is not a number"],
    ["counter", "nothing", "a.nothing in the answer is not a number"],
    ["set", "mixed", "a.mixed in the answer is not a list of keys"],
    ["queue", "sold", "a.sold in the answer is not a list of keys"],
  ] as const)("does not guess what a %s means at %s", (type, name, message) => {
    expect(() => find(type, name)).toThrow(message);
  });

  it("names the check where it has a query", () => {
    const place = { type: "query", query: "SELECT 1" } as const;
    expect(() => findInAudit(["x"], { type: "sum", name: "money", place }, () => true)).toThrow(
      "what money asks for is not numbers only",
    );
  });
});
