import { expect, it } from "vitest";
import { formatLabelSelector } from "./label-selector.ts";

it("writes every kind of requirement as the API reads it", () => {
  const selector = {
    matchLabels: { app: "web", tier: "front" },
    matchExpressions: [
      { key: "env", operator: "In", values: ["ci", "dev"] },
      { key: "zone", operator: "NotIn", values: ["c"] },
      { key: "owner", operator: "Exists" },
      { key: "canary", operator: "DoesNotExist" },
    ],
  } as const;
  expect(formatLabelSelector(selector)).toBe(
    "app=web,tier=front,env in (ci,dev),zone notin (c),owner,!canary",
  );
});
