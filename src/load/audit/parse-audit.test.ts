import { describe, expect, it } from "vitest";
import { parseAudit } from "./parse-audit.ts";

describe("parseAudit", () => {
  it("reads how often each transaction has each of its effects", () => {
    const entries = [{ key: "k-1", effects: { reserve: 1, pay: 0 } }];
    expect(parseAudit(JSON.stringify({ transactions: entries, more: true }))).toEqual(entries);
    expect(parseAudit('{"transactions":[]}')).toEqual([]);
  });

  it.each(["[]", "null", '{"transactions":{}}'])("finds no list of transactions in %s", (text) => {
    expect(() => parseAudit(text)).toThrow("no list of transactions");
  });

  it.each([
    '{"key":1,"effects":{}}',
    '{"key":"k"}',
    '{"key":"k","effects":[]}',
    '{"key":"k","effects":{"pay":"1"}}',
    '{"key":"k","effects":{"pay":0.5}}',
    "null",
  ])("does not guess what %s means", (entry) => {
    const good = '{"key":"k","effects":{}}';
    expect(() => parseAudit(`{"transactions":[${good},${entry}]}`)).toThrow("transactions[1]");
  });
});
