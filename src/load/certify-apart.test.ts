import { describe, expect, it } from "vitest";
import { certifyApart } from "./certify-apart.ts";

describe("certifyApart", () => {
  it("brings the certificate back from a process of its own", async () => {
    const { requests, faults } = await certifyApart(new AbortController().signal);
    expect(requests).toBeGreaterThan(faults);
    expect(faults).toBeGreaterThan(0);
  });

  it("ends when it is not wanted any more", async () => {
    const unwanted = new AbortController();
    const certificate = certifyApart(unwanted.signal);
    unwanted.abort();
    await expect(certificate).rejects.toThrow("aborted");
  });
});
