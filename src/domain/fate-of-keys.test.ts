import { describe, expect, it } from "vitest";
import { aTransaction } from "#test/support/builders.ts";
import { fateOfKeys } from "./fate-of-keys.ts";

const withFirstStep = (key: string, outcome: "ok" | "failed" | "indeterminate") =>
  aTransaction({
    key,
    acknowledged: outcome === "ok",
    steps: [{ name: "enqueue", exchange: 1, outcome }],
  });
const sent = [
  withFirstStep("kept", "ok"),
  withFirstStep("gone", "ok"),
  withFirstStep("unsure", "indeterminate"),
  withFirstStep("unsure-and-gone", "indeterminate"),
  withFirstStep("refused", "failed"),
];

describe("fateOfKeys", () => {
  it("tells what is lost, repeated, unexpected, refused and yet there, and recovered", () => {
    const found = ["kept", "unsure", "kept", "refused", "stranger"];
    expect(fateOfKeys(found, sent)).toEqual({
      lost: ["gone"],
      repeated: [{ key: "kept", times: 2 }],
      unexpected: ["stranger"],
      refused: ["refused"],
      recovered: ["unsure"],
    });
  });

  it("finds nothing wrong when what was acknowledged is there once, and what was lost is not", () => {
    expect(fateOfKeys(["gone", "kept"], sent)).toEqual({
      lost: [],
      repeated: [],
      unexpected: [],
      refused: [],
      recovered: [],
    });
  });
});
