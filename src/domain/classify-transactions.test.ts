import { describe, expect, it } from "vitest";
import { aTransaction } from "#test/support/builders.ts";
import { classifyTransactions } from "./classify-transactions.ts";

const EFFECTS = ["reserve", "charge"];
const whole = { key: "k1", effects: { reserve: 1, charge: 1 } };

describe("classifyTransactions", () => {
  it("adds up the rows of one key, as a doubled order leaves them", () => {
    expect(classifyTransactions([aTransaction()], [whole, whole], EFFECTS)[0]?.class).toBe(
      "duplicated",
    );
  });

  it("puts together what two rows of one key each have half of", () => {
    const halves = [
      { key: "k1", effects: { reserve: 1 } },
      { key: "k1", effects: { charge: 1 } },
    ];
    expect(classifyTransactions([aTransaction()], halves, EFFECTS)[0]?.class).toBe("completed");
  });

  it("lets a lost answer be either done or not done", () => {
    const cut = aTransaction({
      acknowledged: false,
      steps: [
        { name: "reserve", exchange: 1, outcome: "ok" },
        { name: "charge", exchange: 2, outcome: "indeterminate" },
      ],
    });
    for (const charge of [0, 1]) {
      const ledger = [{ key: "k1", effects: { reserve: 1, charge } }];
      expect(classifyTransactions([cut], ledger, EFFECTS)[0]?.class).toBe("incomplete");
    }
  });
});
