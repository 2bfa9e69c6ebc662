import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { judge } from "#checkers/judge.ts";
import type { Report } from "#domain/report.ts";
import { renderResult } from "#reporting/json/render-result.ts";
import { aHistory, anExchange, aStream, aTransactionStream } from "#test/support/builders.ts";
import { failingReport } from "./fixtures/failing-report.ts";
import { hostileReport } from "./fixtures/hostile-report.ts";
import { inconclusiveReport } from "./fixtures/inconclusive-report.ts";
import { passingReport } from "./fixtures/passing-report.ts";

type Schema = Record<string, unknown>;

const schema = JSON.parse(
  readFileSync(new URL("../../docs/result.schema.json", import.meta.url), "utf8"),
) as Schema;

describe("renderResult", () => {
  it.each([
    ["pass", passingReport()],
    ["fail", failingReport()],
    ["inconclusive", inconclusiveReport()],
  ])("writes what the schema describes, and nothing else (%s)", (verdict, report) => {
    const result = JSON.parse(renderResult(report)) as Schema;
    expect(problems(closed(schema), result)).toEqual([]);
    expect(result["verdict"]).toBe(verdict);
  });

  it("writes of a judged history what the schema describes, and nothing else", () => {
    const load = [aStream({ type: "fresh", name: "fresh" }), aTransactionStream()];
    const exchanges = Array.from({ length: 200 }, (_, seq) =>
      anExchange({
        seq,
        stream: "fresh",
        connection: "new",
        sentAtMs: 4_100 + seq,
        servedBy: "web-1",
      }),
    );
    const history = aHistory({ load, exchanges });
    const run = { number: 1, runId: "run-1", fromMs: 0, untilMs: 10_000 };
    const pool = { planned: 2, runs: [run], leftOut: [{ number: 2, reason: "it broke off" }] };
    const report = judge({ ...history, header: { ...history.header, pool } }, []);
    const result = JSON.parse(renderResult(report)) as Schema;
    expect(problems(closed(schema), result)).toEqual([]);
    expect(result).toMatchObject({
      pool,
      load: [{ stream: "fresh", offered: "100/s, a new connection for each" }, {}],
      latencies: [{ stream: "fresh", exposed: { answers: 200 } }, {}],
    });
  });

  it("is refused by the schema when a part is missing or of another kind", () => {
    const { verdict: _, ...without } = JSON.parse(renderResult(passingReport())) as Schema;
    expect(problems(schema, without)).toEqual(["must have required property 'verdict'"]);
    expect(problems(schema, { ...without, verdict: "green" })).toHaveLength(1);
  });

  it("leaves out a number that is none", () => {
    const report = passingReport();
    const [first, ...others] = report.results;
    if (first === undefined) throw new TypeError("The fixture has promises.");
    const measurement = {
      ...first.measurement,
      value: Number.NaN,
      bound: Number.POSITIVE_INFINITY,
    };
    const text = renderResult({ ...report, results: [{ ...first, measurement }, ...others] });
    const [promise] = (JSON.parse(text) as { promises: Schema[] }).promises;
    expect(promise).not.toHaveProperty("value");
    expect(promise).not.toHaveProperty("bound");
  });

  it("counts every failure of every stream, drawn or not", () => {
    const report: Report = { ...failingReport(), marks: [] };
    expect(JSON.parse(renderResult(report))).toMatchObject({ failures: { total: 95 } });
  });

  it("stays JSON whatever a workload calls its pods", () => {
    const hostile = hostileReport();
    const result = JSON.parse(renderResult(hostile)) as { terminations: unknown };
    expect(result.terminations).toEqual(hostile.terminations);
  });
});

function problems(withSchema: Schema, result: Schema): readonly (string | undefined)[] {
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(withSchema);
  validate(result);
  return (validate.errors ?? []).map(({ message }) => message);
}

/** The published schema lets fields be added; ours has to describe every one that we write. */
function closed(value: unknown): Schema {
  const close = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(close);
    if (typeof part !== "object" || part === null) return part;
    const inner = Object.fromEntries(Object.entries(part).map(([key, item]) => [key, close(item)]));
    const isObject = inner["type"] === "object" && "properties" in inner;
    return isObject ? { ...inner, additionalProperties: false } : inner;
  };
  return close(value) as Schema;
}
