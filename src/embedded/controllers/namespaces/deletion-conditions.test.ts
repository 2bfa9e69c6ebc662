import { describe, expect, it } from "vitest";
import { aMeta } from "#embedded/controllers/testing/builders.ts";
import { deletionConditions } from "./deletion-conditions.ts";

const kept = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { ...aMeta("a"), finalizers: ["x/y"] },
};
const told = (...[before, remains, now]: Parameters<typeof deletionConditions>) =>
  deletionConditions(before, remains, now).map(({ type, status, message }) =>
    status === "True" ? `${type}: ${message}` : type,
  );

describe("the conditions of a namespace under deletion", () => {
  it("say what is left and who keeps it", () => {
    expect(told([], new Map([["configmaps.", [kept, kept]]]), "now")).toEqual([
      "NamespaceDeletionDiscoveryFailure",
      "NamespaceDeletionGroupVersionParsingFailure",
      "NamespaceDeletionContentFailure",
      "NamespaceContentRemaining: Some resources are remaining: configmaps. has 2 resource instances",
      "NamespaceFinalizersRemaining: Some content in the namespace has finalizers remaining: x/y in 2 resource instances",
    ]);
    expect(told([], new Map(), "now")).not.toContainEqual(expect.stringContaining(":"));
  });

  it("keep the date of what stays as it was, and the conditions of others", () => {
    const other = { type: "Mine", status: "True" as const, message: "stays" };
    const first = deletionConditions([other], new Map([["pods.", [kept]]]), "then");
    const second = deletionConditions(first, new Map(), "now");
    expect(second[0]).toEqual(other);
    expect(second.map(({ lastTransitionTime }) => lastTransitionTime).slice(1)).toEqual([
      ...["then", "then", "then"],
      ...["now", "now"],
    ]);
  });
});
