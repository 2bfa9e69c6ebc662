import { describe, expect, it } from "vitest";
import { applyMergePatch } from "./merge-patch.ts";

describe("applyMergePatch", () => {
  it("merges objects, replaces lists and removes what is null", () => {
    const before = { a: { b: 1, c: 2 }, list: [1, 2], gone: 1 };
    const patch = { a: { c: 3, d: { e: 1 } }, list: [3], gone: null };
    expect(applyMergePatch(before, patch)).toEqual({ a: { b: 1, c: 3, d: { e: 1 } }, list: [3] });
  });

  it("drops nulls inside what it adds", () => {
    expect(applyMergePatch({}, { a: { b: null, c: 1 } })).toEqual({ a: { c: 1 } });
  });
});
