import { describe, expect, it } from "vitest";
import { loadAutocannon, requireVersion } from "./autocannon.ts";

describe("loadAutocannon", () => {
  it("finds the version whose inside is known", () => {
    expect(loadAutocannon()).toBeTypeOf("function");
  });

  it.each(["9.0.1", "8.0.0", "10.0.0"])("refuses version %s", (version) => {
    expect(() => requireVersion(version)).toThrow(
      `Reused connections need autocannon 9.0.0, and ${version} is installed.`,
    );
  });
});
