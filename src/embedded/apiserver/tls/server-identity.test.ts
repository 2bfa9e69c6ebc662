import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createServerIdentity } from "./server-identity.ts";

const NOW_MS = Date.parse("2026-06-01T00:00:00Z");

describe("createServerIdentity", () => {
  const identity = createServerIdentity(["127.7.0.1", "127.7.250.1"], NOW_MS);
  const ca = new X509Certificate(identity.ca);
  const leaf = new X509Certificate(identity.certificate);

  it("makes an authority that signs itself and the server", () => {
    expect(ca.ca).toBe(true);
    expect(ca.verify(ca.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.checkIssued(ca)).toBe(true);
  });

  it("makes a certificate for the addresses and the names of an API server", () => {
    expect(leaf.checkIP("127.7.0.1")).toBe("127.7.0.1");
    expect(leaf.checkIP("127.7.250.1")).toBe("127.7.250.1");
    expect(leaf.checkIP("127.7.0.2")).toBeUndefined();
    for (const name of ["kubernetes.default.svc", "kubernetes.default.svc.cluster.local"]) {
      expect(leaf.checkHost(name)).toBe(name);
    }
  });

  it("gives the key that belongs to the certificate", () => {
    expect(leaf.checkPrivateKey(createPrivateKey(identity.privateKey))).toBe(true);
  });

  it("is valid from yesterday on for a year", () => {
    expect(Date.parse(leaf.validFrom)).toBeLessThan(NOW_MS);
    expect(Date.parse(leaf.validTo)).toBeGreaterThan(NOW_MS + 300 * 86_400_000);
  });
});
