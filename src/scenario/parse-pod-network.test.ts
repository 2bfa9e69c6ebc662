import { describe, expect, it } from "vitest";
import { parsePodNetwork } from "./parse-pod-network.ts";

describe("parsePodNetwork", () => {
  it("knows three choices, and leaves it open when nobody chooses", () => {
    const choices = ["process", "netns", "auto", undefined];
    expect(choices.map(parsePodNetwork)).toEqual(choices);
  });

  it("refuses any other, and lists them", () => {
    expect(() => parsePodNetwork("bridge")).toThrow('--pod-network is "bridge".');
  });
});
