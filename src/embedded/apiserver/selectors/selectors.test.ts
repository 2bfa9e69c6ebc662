import { describe, expect, it } from "vitest";
import { parseFieldSelector } from "./field-selector.ts";
import { formatLabelSelector, matchesLabelSelector, parseLabelSelector } from "./label-selector.ts";

describe("parseLabelSelector", () => {
  const labels = { app: "web", tier: "front", "example.com/size": "3", empty: "" };
  it.each([
    ["", true],
    ["app=web", true],
    ["app==web,tier=front", true],
    ["app=db", false],
    ["app!=db", true],
    ["missing!=x", true],
    ["app", true],
    ["!app", false],
    ["!missing", true],
    ["missing", false],
    ["empty=", true],
    ["tier in (front, back)", true],
    ["tier in (back)", false],
    ["tier notin (back),app in (web,db)", true],
    ["missing notin (x)", true],
    ["example.com/size>2", true],
    ["example.com/size<3", false],
  ])("reads %j", (text, expected) => {
    expect(parseLabelSelector(text)(labels)).toBe(expected);
  });

  it.each(["app=web=x", "a in b", "-x", "app web", "a in (b"])("refuses %j with 400", (text) => {
    expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ code: 400 }));
  });
});

describe("matchesLabelSelector", () => {
  it("selects nothing when absent and everything when empty", () => {
    expect(matchesLabelSelector(undefined, { a: "b" })).toBe(false);
    expect(matchesLabelSelector({}, { a: "b" })).toBe(true);
  });

  it("wants labels and expressions alike", () => {
    const selector = {
      matchLabels: { a: "b" },
      matchExpressions: [
        { key: "c", operator: "NotIn" as const, values: ["d"] },
        { key: "e", operator: "Exists" as const },
        { key: "f", operator: "DoesNotExist" as const },
        { key: "a", operator: "In" as const, values: ["b", "x"] },
      ],
    };
    expect(matchesLabelSelector(selector, { a: "b", e: "" })).toBe(true);
    expect(matchesLabelSelector(selector, { a: "b", e: "", f: "" })).toBe(false);
    expect(matchesLabelSelector(selector, { a: "b", e: "", c: "d" })).toBe(false);
    expect(matchesLabelSelector(selector, { a: "b" })).toBe(false);
  });

  it("can be written as text that means the same", () => {
    const selector = {
      matchLabels: { b: "2", a: "1" },
      matchExpressions: [{ key: "c", operator: "In" as const, values: ["y", "x"] }],
    };
    expect(formatLabelSelector(selector)).toBe("a=1,b=2,c in (x,y)");
  });
});

describe("parseFieldSelector", () => {
  const supported = new Set(["spec.nodeName", "status.phase"]);
  it("takes an absent field for an empty one", () => {
    expect(parseFieldSelector("spec.nodeName=", supported)({})).toBe(true);
  });

  it("wants all of its requirements", () => {
    const selects = parseFieldSelector("spec.nodeName=n1,status.phase!=Failed", supported);
    expect(selects({ "spec.nodeName": "n1", "status.phase": "Running" })).toBe(true);
    expect(selects({ "spec.nodeName": "n1", "status.phase": "Failed" })).toBe(false);
  });

  it("refuses a field that the resource does not offer", () => {
    expect(() => parseFieldSelector("spec.color=red", supported)).toThrow(
      expect.objectContaining({ code: 400, message: "field label not supported: spec.color" }),
    );
  });
});
