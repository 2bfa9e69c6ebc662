import { describe, expect, it } from "vitest";
import { voidReasons } from "./void-reasons.ts";

describe("voidReasons", () => {
  it("names the load worker that was lost, and no other", () => {
    const workers = [
      { name: "load worker 0 (pod a, node n)", clockBoundMs: 1 },
      { name: "load worker 1 (pod b, node n)", clockBoundMs: 1, lost: "its program failed." },
    ];
    expect(voidReasons({ phases: [], streams: [], workers })).toEqual([
      "The load worker 1 (pod b, node n) was lost: its program failed.",
    ]);
  });
});
