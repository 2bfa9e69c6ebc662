import { describe, expect, it } from "vitest";
import { visibleLine, visibleText } from "./visible-text.ts";

describe("visibleText", () => {
  it("shows escape sequences and direction marks instead of obeying them", () => {
    expect(visibleText("\u001b[2Kpass\u0000")).toBe("\uFFFD[2Kpass\uFFFD");
    expect(visibleText("gnp.\u202Efail")).toBe("gnp.\uFFFDfail");
  });

  it("keeps lines and tabs, and turns a lone carriage return into a line", () => {
    expect(visibleText("a\r\nb\rc\td")).toBe("a\nb\nc\td");
  });

  it("keeps the words of every script", () => {
    expect(visibleText("請求錯誤率 👩‍🔧")).toBe("請求錯誤率 👩‍🔧");
  });

  it("replaces half a surrogate pair, which no encoder would write", () => {
    expect(visibleText("a\uD800b")).toBe("a\uFFFDb");
  });
});

describe("visibleLine", () => {
  it("folds everything onto one line", () => {
    expect(visibleLine("  verdict\n\n  pass ")).toBe("verdict pass");
  });
});
