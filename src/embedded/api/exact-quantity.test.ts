import { describe, expect, it } from "vitest";
import { addQuantities, formatQuantity, parseExactQuantity } from "./exact-quantity.ts";

const added = (...texts: readonly string[]) =>
  formatQuantity(
    texts
      .map((text) => parseExactQuantity(text) ?? expect.fail(`${text} is no quantity`))
      .reduce(addQuantities),
  );

describe("exact quantities", () => {
  it("are written with the greatest suffix that leaves a whole number", () => {
    expect(
      ["1000m", "1500m", "1024Ki", "0.5Gi", "1e3", "2000", "100Mi", "0.1"].map((q) => added(q)),
    ).toEqual(["1", "1500m", "1Mi", "512Mi", "1k", "2k", "100Mi", "100m"]);
  });

  it("add up without rounding, in the suffixes of the first that is not nothing", () => {
    expect(added("100m", "200m", "0.7")).toBe("1");
    expect(added("1Gi", "1M")).toBe("1074741824");
    expect(added("0", "252Mi", "4Mi")).toBe("256Mi");
    expect(added("1", "-1")).toBe("0");
  });

  it("are not made of anything else", () => {
    expect(["", "lots", "1Xi", "1.2.3", "m"].map(parseExactQuantity)).toEqual(
      Array.from({ length: 5 }),
    );
  });
});
