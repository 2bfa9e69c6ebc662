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
    expect(classifyTransactions([aTransaction()], halves, EFFECTS)[0]?.class).toBe("committed");
  });

  it.each([
    ["committed", { reserve: 1, charge: 1 }],
    ["lost", {}],
    ["partial", { charge: 1 }],
    ["duplicated", { reserve: 1, charge: 2 }],
  ] as const)("calls an acknowledged transaction %s by its effects", (name, effects) => {
    const [found] = classifyTransactions([aTransaction()], [{ key: "k1", effects }], EFFECTS);
    expect(found).toMatchObject({ key: "k1", class: name, effects });
  });

  it("calls what nobody asked for a phantom", () => {
    const stranger = { key: "k9", effects: { reserve: 1, charge: 1 } };
    expect(classifyTransactions([aTransaction()], [whole, stranger], EFFECTS)).toMatchObject([
      { key: "k1", class: "committed" },
      { key: "k9", class: "phantom", effects: stranger.effects },
    ]);
  });

  it("takes a refusal at its word: what came before is there, and the refused step is not", () => {
    const refused = aTransaction({
      acknowledged: false,
      steps: [
        { name: "reserve", exchange: 1, outcome: "ok" },
        { name: "charge", exchange: 2, outcome: "failed" },
      ],
    });
    const classOf = (effects: Readonly<Record<string, number>>) =>
      classifyTransactions([refused], [{ key: "k1", effects }], EFFECTS)[0]?.class;
    expect(classOf({ reserve: 1 })).toBe("incomplete");
    expect(classOf({ reserve: 1, charge: 1 })).toBe("partial");
    expect(classOf({})).toBe("partial");
    expect(classOf({ reserve: 2 })).toBe("duplicated");
  });

  it("resolves a lost answer by the ledger, which may say done or not done", () => {
    const cut = aTransaction({
      acknowledged: false,
      steps: [
        { name: "reserve", exchange: 1, outcome: "ok" },
        { name: "charge", exchange: 2, outcome: "indeterminate" },
      ],
    });
    for (const charge of [0, 1]) {
      const ledger = [{ key: "k1", effects: { reserve: 1, charge } }];
      expect(classifyTransactions([cut], ledger, EFFECTS)[0]?.class).toBe("resolved");
    }
    const backwards = [{ key: "k1", effects: { charge: 1 } }];
    expect(classifyTransactions([cut], backwards, EFFECTS)[0]?.class).toBe("partial");
  });
});
