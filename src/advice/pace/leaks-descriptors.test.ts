import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aLeak, aReport } from "#test/support/report-builders.ts";
import { leaksDescriptors } from "./leaks-descriptors.ts";

describe("leaksDescriptors", () => {
  it("says how many stayed open, and what they are", () => {
    const files = ask(leaksDescriptors, faulty("leaks-descriptors"));
    expect(files?.explanation).toContain("214 descriptors more open after the load");
    expect(files?.explanation).toContain("files or pipes");
    const leaks = [aLeak({ of: "descriptors", count: 100, sockets: 98 })];
    const sockets = ask(leaksDescriptors, { ...faulty("leaks-descriptors"), leaks });
    expect([sockets?.explanation, sockets?.fix].join()).toMatch(/are sockets.*pool/);
  });

  it("is a hint where nobody asked for no leaks", () => {
    const leaks = [aLeak({ of: "descriptors", count: 100 })];
    expect(ask(leaksDescriptors, aReport({ leaks }))?.hint).toBe(true);
  });

  it("is silent where only processes were left", () => {
    expect(ask(leaksDescriptors, aReport({ leaks: [aLeak()] }))).toBeUndefined();
  });
});
