import { describe, expect, it } from "vitest";
import {
  isContextAllowed,
  isNamespaceAllowed,
  looksLikeTests,
  requireAllowed,
} from "./allowance.ts";

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

describe("a run", () => {
  const refusal = (cluster: string, namespaces: readonly string[], allow = {}) => {
    try {
      requireAllowed({ cluster, namespaces }, allow);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it.each(["embedded", "kind", "kind:ci", "context:kind-ci"])("may work on %s", (cluster) => {
    expect(refusal(cluster, ["shop"])).toBeUndefined();
  });

  it.each(["context:shop-eu", "in-cluster"])(
    "may not work on %s until it is allowed",
    (cluster) => {
      const context = cluster.replace("context:", "");
      expect(refusal(cluster, ["shop"], { contexts: ["a"] })).toMatchObject({
        code: "CONTEXT_NOT_ALLOWED",
        hint: expect.stringContaining(`\nallow: { contexts: [a, ${context}] }`),
      });
      expect(refusal(cluster, ["shop"], { contexts: ["a", context] })).toBeUndefined();
    },
  );

  it("is told which line allows a namespace, and that none allows the cluster's own", () => {
    expect(refusal("embedded", ["shop", "bank"], { namespaces: ["shop"] })).toMatchObject({
      code: "NAMESPACE_NOT_ALLOWED",
      hint: expect.stringContaining("\nallow: { namespaces: [shop, bank] }"),
    });
    expect(refusal("embedded", ["kube-system"], { namespaces: ["kube-system"] })).toMatchObject({
      hint: expect.stringContaining("no setting allows this one"),
    });
  });

  it("is told a line that YAML reads as it is meant", () => {
    expect(refusal("context:a: b", ["shop"])).toMatchObject({
      hint: expect.stringContaining('contexts: ["a: b"]'),
    });
  });
});
