import { describe, expect, it } from "vitest";
import { encodeFrame, FrameReader } from "./frames.ts";

describe("frames", () => {
  const bytes = Buffer.concat([
    encodeFrame({ type: "file", name: "ledger" }, Buffer.from([0, 10, 255])),
    encodeFrame({ type: "prepared" }),
  ]);

  it.each([1, 3, 7, bytes.length])("come out whole from chunks of %i bytes", (size) => {
    const reader = new FrameReader();
    const frames = [];
    for (let at = 0; at < bytes.length; at += size)
      frames.push(...reader.push(bytes.subarray(at, at + size)));
    expect(frames.map(({ report }) => report.type)).toEqual(["file", "prepared"]);
    expect(frames.map(({ content }) => [...content])).toEqual([[0, 10, 255], []]);
  });

  it("refuse what is none, and quote it", () => {
    expect(() => new FrameReader().push(Buffer.from("sh: lastcall: not found"))).toThrow(
      "what it said is no report: sh: lastcall: not found",
    );
  });
});
