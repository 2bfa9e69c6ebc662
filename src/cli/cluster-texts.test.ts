import { describe, expect, it } from "vitest";
import { describeClusters, describeEnd, exportLine } from "./cluster-texts.ts";

describe("exportLine", () => {
  it("is the bare path where every shell reads it as it is", () => {
    expect(exportLine("/home/ann/.lastcall/k")).toBe("export KUBECONFIG=/home/ann/.lastcall/k");
  });

  it("quotes what a shell would take apart", () => {
    expect(exportLine("/Users/Ann O'Hara/k")).toBe("export KUBECONFIG='/Users/Ann O'\\''Hara/k'");
  });
});

describe("describeClusters", () => {
  it("shows the two largest units of an age, as kubectl does", () => {
    const startedAt = "2026-11-24T10:00:00.000Z";
    const record = { pid: 7, nodes: 3, startedAt };
    const found = { name: "dev", state: "running", kubeconfig: "", lastWords: "", record };
    const ageAfter = (ms: number) =>
      describeClusters([found as never], Date.parse(startedAt) + ms) // the fields that are shown
        .split(" ")
        .at(-1);
    expect([0, 999, 59_999, 192_000, 3_600_000, 90_061_000].map(ageAfter)).toEqual([
      "0s",
      "0s",
      "59s",
      "3m12s",
      "1h",
      "1d1h",
    ]);
  });
});

describe("describeEnd", () => {
  it("quotes what a crashed process had to say, and does not call it killed", () => {
    const text = describeEnd(
      "dev",
      {
        type: "cleaned",
        found: { name: "dev", state: "ended", kubeconfig: "", lastWords: "Error: no\n  at x" },
      },
      [],
    );
    expect(text).toContain("its process crashed.");
    expect(text).toContain("Its last words:\n  Error: no\n    at x");
  });

  it("says what had to be killed", () => {
    expect(describeEnd("dev", { type: "killed", pid: 7, afterMs: 20_000 }, [])).toBe(
      "Cluster dev did not stop within 20 s, so its process 7 was killed; nothing of it is left.",
    );
  });
});
