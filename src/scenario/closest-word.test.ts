import { describe, expect, it } from "vitest";
import { closestWord } from "./closest-word.ts";

describe("closestWord", () => {
  it.each([
    ["nmae", "name"],
    ["warmup", "warmUp"],
    ["conections", "connections"],
  ])("takes %s for %s", (word, meant) => {
    const keys = ["name", "type", "warmUp", "connections", "timeouts"];
    expect(closestWord(word, keys)).toBe(meant);
  });

  it("prefers the nearest of several", () => {
    expect(closestWord("patch", ["path", "batch", "PATCH"])).toBe("PATCH");
  });

  it("suggests nothing that shares too little", () => {
    expect(closestWord("retries", ["url", "name", "load"])).toBeUndefined();
    expect(closestWord("ab", ["a", "xyz"])).toBeUndefined();
  });
});
