import { describe, expect, it } from "vitest";
import { type Exchange, FAILURE_CLASSES, type Outcome, UNDELIVERED_REASONS } from "./exchange.ts";
import {
  decodeExchange,
  EXCHANGE_BYTES,
  encodeExchange,
  exchangesFileName,
  type LedgerNames,
  MAX_ENTRANCE,
  MAX_POD_NUMBER,
} from "./ledger-record.ts";

const names: LedgerNames = {
  stream: "reused",
  pods: Array.from({ length: MAX_POD_NUMBER }, (_, index) => `web-${index}`),
};

/** A small seeded generator, so that a failing case can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomOutcome(random: () => number): Outcome {
  const below = (limit: number) => Math.floor(random() * limit);
  const reason = FAILURE_CLASSES[below(FAILURE_CLASSES.length)] ?? "protocol";
  const status = 100 + below(900);
  const choices: readonly Outcome[] = [
    { type: "ok", status },
    { type: "failed", reason },
    { type: "failed", reason, status },
    { type: "indeterminate", reason },
    { type: "indeterminate", reason, status },
    { type: "undelivered", reason: UNDELIVERED_REASONS[below(3)] ?? "stopped" },
  ];
  return choices[below(choices.length)] ?? { type: "ok", status };
}

function randomExchange(random: () => number): Exchange {
  const below = (limit: number) => Math.floor(random() * limit);
  const sometimes = <T extends object>(part: T): T | undefined =>
    random() < 0.5 ? part : undefined;
  return {
    seq: below(2 ** 32),
    stream: names.stream,
    scheduledAtMs: random() * 1e7,
    sentAtMs: random() * 1e7,
    ...sometimes({ connectedAtMs: random() * 1e7 }),
    ...sometimes({ firstByteAtMs: random() * 1e7 }),
    endedAtMs: random() * 1e7,
    connection: random() < 0.5 ? "new" : "reused",
    connectionId: below(2 ** 32),
    ...sometimes({ localPort: 1 + below(65_535) }),
    ...sometimes({ entrance: 1 + below(MAX_ENTRANCE) }),
    ...sometimes({ servedBy: `web-${below(MAX_POD_NUMBER)}` }),
    bytes: below(2 ** 48),
    late: random() < 0.5,
    outcome: randomOutcome(random),
  };
}

function podNumber(exchange: Exchange): number {
  return exchange.servedBy === undefined ? 0 : names.pods.indexOf(exchange.servedBy) + 1;
}

describe("the ledger record", () => {
  it("gives back every exchange as it was written, at any offset, over a dirty buffer", () => {
    const random = randomFrom(20_261_124);
    const view = new DataView(new ArrayBuffer(EXCHANGE_BYTES * 3).transfer());
    for (let round = 0; round < 2_000; round++) {
      const exchange = randomExchange(random);
      const offset = EXCHANGE_BYTES * (round % 3);
      encodeExchange(view, offset, { ...exchange, pod: podNumber(exchange) });
      expect(decodeExchange(view, offset, names)).toEqual(exchange);
    }
  });

  it("keeps every failure class and every reason for not delivering apart", () => {
    const view = new DataView(new ArrayBuffer(EXCHANGE_BYTES));
    const base = { ...randomExchange(randomFrom(1)), pod: 0 };
    const outcomes: readonly Outcome[] = [
      ...FAILURE_CLASSES.map((reason) => ({ type: "failed", reason }) as const),
      ...UNDELIVERED_REASONS.map((reason) => ({ type: "undelivered", reason }) as const),
    ];
    for (const outcome of outcomes) {
      encodeExchange(view, 0, { ...base, outcome });
      expect(decodeExchange(view, 0, names).outcome).toStrictEqual(outcome);
    }
  });

  it("refuses bytes that are not a record, and a pod that the names do not hold", () => {
    const view = new DataView(new ArrayBuffer(EXCHANGE_BYTES * 2));
    expect(() => decodeExchange(view, 0, names)).toThrow("No exchange record at byte 0");
    encodeExchange(view, 0, { ...randomExchange(randomFrom(2)), pod: 2 });
    expect(() => decodeExchange(view, 1, names)).toThrow("No exchange record at byte 1");
    expect(() => decodeExchange(view, 0, { stream: "reused", pods: ["web-0"] })).toThrow(
      "names 1 pods, a record names pod 2",
    );
  });

  it("keeps a stream's file inside the run's folder whatever the stream is called", () => {
    expect(exchangesFileName("a/../b")).toBe("exchanges-a%2F..%2Fb.bin");
  });
});
