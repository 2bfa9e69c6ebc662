import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { oomKilled } from "./oom-killed.ts";

describe("oomKilled", () => {
  it("tells the kernel's kill from the kubelet's, and doubles the limit", () => {
    const advice = ask(oomKilled, faulty("oom-killed"));
    expect(advice?.explanation).toContain("3 of 3 pods had web killed by the kernel");
    expect(advice?.patch).toContain("memory: 128Mi");
  });

  it("is silent on a forced kill with the same exit code", () => {
    expect(ask(oomKilled, faulty("ignores-sigterm"))).toBeUndefined();
    expect(ask(oomKilled, faulty("crashes-while-draining"))).toBeUndefined();
  });
});
