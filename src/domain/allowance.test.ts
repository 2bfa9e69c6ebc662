import { describe, expect, it } from "vitest";
import { isContextAllowed, isNamespaceAllowed, looksLikeTests } from "./allowance.ts";

describe("a context", () => {
  it.each(["kind-ci", "k3d-a", "minikube", "docker-desktop", "eks-dev1", "team.test.example"])(
    "that is called %s looks like tests",
    (name) => expect(looksLikeTests(name)).toBe(true),
  );

  it.each(["prod", "production-eu", "devotion", "precision", "attestation", "dev-prod", "shop"])(
    "that is called %s does not",
    (name) => expect(looksLikeTests(name)).toBe(false),
  );

  it("is allowed by its name or by a pattern, and then nothing else is refused", () => {
    const allowance = { contexts: ["staging-*", "arn:aws:eks:eu-1:1:cluster/shop"] };
    expect(isContextAllowed("staging-eu", allowance)).toBe(true);
    expect(isContextAllowed("arn:aws:eks:eu-1:1:cluster/shop", allowance)).toBe(true);
    expect(isContextAllowed("my-staging-eu", allowance)).toBe(false);
    expect(isContextAllowed("kind-ci", allowance)).toBe(true);
  });
});

describe("a namespace", () => {
  it("is allowed unless it is the cluster's own, or others are listed", () => {
    expect(isNamespaceAllowed("shop", {})).toBe(true);
    expect(isNamespaceAllowed("shop", { namespaces: ["shop-*", "shop"] })).toBe(true);
    expect(isNamespaceAllowed("bank", { namespaces: ["shop"] })).toBe(false);
  });

  it("of the cluster is never allowed", () => {
    expect(isNamespaceAllowed("kube-system", { namespaces: ["*"] })).toBe(false);
  });
});
