import { expect, it } from "vitest";
import type { AttributionSummary } from "#domain/report.ts";
import { describeAttribution } from "./describe-attribution.ts";

const NONE: AttributionSummary = {
  ...{ failures: 0, provenByAnswer: 0, provenByDataPath: 0, ledToNobody: 0, sameConnection: 0 },
  ...{ inferred: 0, unknown: 0, dataPath: "heard", contradicted: 0, compared: 0 },
};

it("says by whose word each failure was placed, and nothing where there is none", () => {
  expect(describeAttribution(NONE)).toBeUndefined();
  const placed = { failures: 12, provenByDataPath: 9, ledToNobody: 2, inferred: 1 };
  expect(describeAttribution({ ...NONE, ...placed })).toBe(
    "Which pod 12 failures met: 9 proven by the data path, 2 led to nobody by the data path, 1 inferred.",
  );
});

it("says when nobody vouches for it, and when the data path contradicts the answers", () => {
  const unknown = { ...NONE, failures: 3, unknown: 3 };
  expect(describeAttribution({ ...unknown, dataPath: "not-there" })).toContain(
    "Nobody tells where",
  );
  expect(describeAttribution({ ...unknown, dataPath: "silent" })).toContain("could not be heard");
  expect(describeAttribution({ ...unknown, contradicted: 2, compared: 90 })).toContain(
    "On 2 of 90 answered connections the data path named another pod",
  );
});
