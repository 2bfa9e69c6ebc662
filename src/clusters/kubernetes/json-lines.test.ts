import { expect, it } from "vitest";
import { JsonLines } from "./json-lines.ts";

it("joins a line that arrives in pieces, cut inside a character", () => {
  const bytes = Buffer.from('{"a":"é"}\n{"b":1}\n{"c"');
  const cut = bytes.indexOf(0xa9); // the second byte of é
  const lines = new JsonLines();
  expect(lines.push(bytes.subarray(0, cut))).toEqual([]);
  expect(lines.push(bytes.subarray(cut))).toEqual(['{"a":"é"}', '{"b":1}']);
  expect(lines.push(Buffer.from(":2}\n"))).toEqual(['{"c":2}']);
});
