import { describe, expect, it } from "vitest";
import type { DataPathWord } from "#domain/data-path-word.ts";
import type { Exchange } from "#domain/exchange.ts";
import type { Observation } from "#domain/observation.ts";
import { anExchange } from "#test/support/builders.ts";
import { DataPathIndex } from "./data-path-index.ts";

const word = (atMs: number, backend: string | undefined, over: Partial<DataPathWord> = {}) => ({
  ...{ atMs, entrance: 1, clientPort: 40_000, backend, refused: false },
  ...over,
});
const witness = (atMs: number, heard: boolean): Observation => ({
  ...{ type: "witness", atMs, node: "node-1", heard },
});
const lost = (over: Partial<Exchange> = {}) =>
  anExchange({ sentAtMs: 10_000, endedAtMs: 10_020, localPort: 40_000, entrance: 1, ...over });

const led = (
  words: readonly DataPathWord[],
  exchange: Exchange = lost(),
  said: readonly Observation[] = [witness(0, true)],
) => new DataPathIndex(words, said).of(exchange)?.backend;

describe("where the data path led a connection", () => {
  it("is told by its port and entrance", () => {
    expect(led([word(10_003, "10.0.0.1")])).toBe("10.0.0.1");
    expect(led([word(10_003, "10.0.0.1", { entrance: 2 })])).toBeUndefined();
    expect(led([word(10_003, "10.0.0.1", { clientPort: 40_001 })])).toBeUndefined();
    expect(led([word(10_003, "10.0.0.1")], lost({ localPort: undefined }))).toBeUndefined();
  });

  it("is told late on a busy machine, but not by another connection's word", () => {
    expect(led([word(12_900, "10.0.0.1")])).toBe("10.0.0.1");
    expect(led([word(13_100, "10.0.0.1")])).toBeUndefined();
    const lasting = lost({ connectedAtMs: 10_001, endedAtMs: 16_000 });
    expect(led([word(16_100, "10.0.0.1")], lasting)).toBe("10.0.0.1");
    expect(led([word(9_400, "10.0.0.1")])).toBeUndefined();
  });

  it("is not known where two connections of the time had the same port", () => {
    expect(led([word(9_900, "10.0.0.1"), word(10_003, "10.0.0.2")])).toBeUndefined();
    expect(led([word(9_900, "10.0.0.2"), word(10_003, "10.0.0.2")])).toBe("10.0.0.2");
  });

  it("is of a kept connection what was said when it was opened", () => {
    const kept = lost({ connection: "reused", connectedAtMs: 2_000 });
    expect(led([word(2_001, "10.0.0.1"), word(10_600, "10.0.0.2")], kept)).toBe("10.0.0.1");
  });

  it("is not known where a word may have been missed", () => {
    const said = [witness(0, true), witness(9_000, false), witness(10_500, true)];
    expect(led([word(10_003, "10.0.0.1")], lost(), said)).toBeUndefined();
    const later = lost({ sentAtMs: 11_200, connectedAtMs: 11_200 });
    expect(led([word(11_201, "10.0.0.1")], later, said)).toBe("10.0.0.1");
    expect(led([word(10_003, "10.0.0.1")], lost(), said.slice(0, 2))).toBeUndefined();
  });

  it("says that the backend refused", () => {
    const words = [word(10_003, "10.0.0.1"), word(10_005, "10.0.0.1", { refused: true })];
    expect(new DataPathIndex(words, []).of(lost())).toMatchObject({ refused: true });
    expect(new DataPathIndex(words.slice(0, 1), []).of(lost())).toMatchObject({ refused: false });
  });
});
