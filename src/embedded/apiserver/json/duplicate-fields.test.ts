import { expect, it } from "vitest";
import { findDuplicateFields } from "./duplicate-fields.ts";

it("finds fields that are given more than once, wherever they are", () => {
  const text = `{"a": {"b": [1, {"c": 1, "c": 2}, {"c": 3}], "b": null}, "x": "a", "d": {"a": 1}}`;
  expect(findDuplicateFields(text)).toEqual(["a.b[1].c", "a.b"]);
});

it("is not misled by values that look like structure", () => {
  const text = JSON.stringify({ a: '{"a": 1, ', b: ["a", "a", "}"], c: { a: "b", b: "a" } });
  expect(findDuplicateFields(text)).toEqual([]);
});
