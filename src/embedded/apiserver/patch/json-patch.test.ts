import { describe, expect, it } from "vitest";
import { applyJsonPatch } from "./json-patch.ts";

describe("applyJsonPatch", () => {
  it("adds, replaces, removes, moves and copies", () => {
    const before = { a: 1, list: [1, 3], old: "x" };
    const patch = [
      { op: "add", path: "/list/1", value: 2 },
      { op: "add", path: "/list/-", value: 4 },
      { op: "replace", path: "/a", value: { b: 1 } },
      { op: "move", from: "/old", path: "/new" },
      { op: "copy", from: "/a", path: "/c" },
      { op: "remove", path: "/a/b" },
    ];
    expect(applyJsonPatch(before, patch)).toEqual({
      list: [1, 2, 3, 4],
      a: {},
      new: "x",
      c: { b: 1 },
    });
    expect(before).toEqual({ a: 1, list: [1, 3], old: "x" });
  });

  it("reads ~1 as a slash and ~0 as a tilde", () => {
    const patch = [{ op: "add", path: "/a~1b~0c", value: 1 }];
    expect(applyJsonPatch({}, patch)).toEqual({ "a/b~c": 1 });
  });

  it("goes on when a test holds", () => {
    const patch = [
      { op: "test", path: "/a", value: { b: [1] } },
      { op: "remove", path: "/a" },
    ];
    expect(applyJsonPatch({ a: { b: [1] } }, patch)).toEqual({});
  });

  it.each([
    ["a test that fails", [{ op: "test", path: "/a", value: 2 }]],
    ["a path that is not there", [{ op: "remove", path: "/x" }]],
    ["a replacement of nothing", [{ op: "replace", path: "/x", value: 1 }]],
    ["an index beyond the list", [{ op: "replace", path: "/list/1", value: 1 }]],
    ["an unknown operation", [{ op: "merge", path: "/a", value: 1 }]],
  ])("refuses %s with 422", (_, patch) => {
    expect(() => applyJsonPatch({ a: 1, list: [0] }, patch)).toThrow(
      expect.objectContaining({ code: 422, reason: "Invalid" }),
    );
  });

  it("refuses what is not a list of operations with 400", () => {
    expect(() => applyJsonPatch({}, { op: "add" })).toThrow(expect.objectContaining({ code: 400 }));
  });
});
