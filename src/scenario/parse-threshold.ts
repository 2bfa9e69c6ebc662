import { findMetric, METRICS, type Metric } from "#domain/metric.ts";
import type { Operator, Threshold } from "#domain/threshold.ts";
import { closestWord } from "./closest-word.ts";
import { parseDuration } from "./parse-duration.ts";

/** `problem` is one sentence that quotes the cell and lists what is allowed. */
type ThresholdReading =
  | { readonly type: "threshold"; readonly threshold: Threshold }
  | { readonly type: "problem"; readonly problem: string };

const OPERATORS: Readonly<Record<string, Operator>> = {
  "<": "<",
  "<=": "<=",
  "≤": "<=",
  "≦": "<=",
  "=": "=",
  ">=": ">=",
  "≥": ">=",
  "≧": ">=",
  ">": ">",
};

const COMPARISONS = "comparisons are <, <=, =, >= and >, and a bare value means =";

/** Shares that cannot be above 100 %; the grace used and the capacity can. */
const PARTS_OF_A_WHOLE: ReadonlySet<string> = new Set([
  "request-error-rate",
  "transaction-completion-rate",
]);

/**
 * Reads one row of a table of promises: `request error rate`, `<0.1%`.
 *
 * A promise that no run could keep is refused, and so is one that every run keeps, or only a bad one: it
 * would be green whatever happened, or because of it.
 */
export function parseThreshold(metricCell: string, thresholdCell: string): ThresholdReading {
  const metric = findMetric(metricCell);
  if (metric === undefined) return problem(unknownMetric(metricCell));
  const text = thresholdCell.trim();
  const { sign = "", value = "" } =
    /^(?<sign>[<>=≤≥≦≧]*)\s*(?<value>.*)$/u.exec(text.normalize("NFKC"))?.groups ?? {};
  const operator = sign === "" ? "=" : OPERATORS[sign];
  if (operator === undefined) {
    return problem(`"${text}" has no known comparison: ${COMPARISONS}`);
  }
  if (/^[-−]/u.test(value))
    return problem(`"${text}" is negative: allowed is ${EXPECTED[metric.unit]}`);
  const limit = LIMIT_PARSERS[metric.unit](value);
  if (limit === undefined) {
    const expected = `allowed is ${EXPECTED[metric.unit]}; ${COMPARISONS}`;
    return problem(`"${text}" does not fit "${metric.title}": ${expected}`);
  }
  const flaw = findFlaw({ metric, operator, limit, value });
  if (flaw !== undefined) return problem(`"${text}" ${flaw}`);
  return { type: "threshold", threshold: { metric: metric.name, operator, limit, text } };
}

const EXPECTED: Readonly<Record<Metric["unit"], string>> = {
  ratio: "a percentage from 0% to 100%, such as <0.1% or 100%",
  ms: "a duration with its unit (ms, s, m; 毫秒, 秒, 分), such as <2s",
  count: "a whole number without a unit, such as 0 or <=3",
};

const LIMIT_PARSERS: Readonly<Record<Metric["unit"], (value: string) => number | undefined>> = {
  ratio: (value) => {
    const { number } = /^(?<number>\d+(?:\.\d+)?)\s*%$/.exec(value)?.groups ?? {};
    return number === undefined ? undefined : Number(`${number}e-2`); // 99.9 / 100 is not 0.999
  },
  ms: parseDuration,
  count: (value) => (/^\d+$/.test(value) ? Number(value) : undefined),
};

interface Asked {
  readonly metric: Metric;
  readonly operator: Operator;
  readonly limit: number;
  /** The limit as the user wrote it, without the comparison. */
  readonly value: string;
}

/** The comparisons that point to a metric's good side; the first one is proposed. */
const TOWARDS = {
  lower: { operators: ["<", "<=", "="], side: "less is better, so it takes <, <= and =" },
  higher: { operators: [">", ">=", "="], side: "more is better, so it takes >, >= and =" },
} as const satisfies Readonly<
  Record<Metric["better"], { operators: readonly Operator[]; side: string }>
>;

function findFlaw({ metric, operator, limit, value }: Asked): string | undefined {
  const { operators, side } = TOWARDS[metric.better];
  if (metric.unit === "ratio" && limit > 1) return `is above 100%: allowed is ${EXPECTED.ratio}`;
  if (!operators.some((each) => each === operator)) {
    return `would be kept by bad runs only: of "${metric.title}" ${side}`;
  }
  if (operator === "<" && limit === 0) return "can never be kept: nothing is below 0";
  if (operator === ">=" && limit === 0) return "promises nothing: every value is at least 0";
  if (operator === "=" && metric.unit !== "count" && limit !== perfectValue(metric)) {
    return `asks for exactly this value, which no run hits; write ${operators[0]}${value}`;
  }
  if (metric.unit !== "ratio" || limit < 1) return undefined;
  if (operator === ">") return `asks for more than 100%: allowed is ${EXPECTED.ratio}`;
  if (operator === "<=" && PARTS_OF_A_WHOLE.has(metric.name)) {
    return "promises nothing: every share is at most 100%";
  }
  return undefined;
}

/** Where a share or a duration is measured exactly: at the end that cannot be improved. */
function perfectValue({ better }: Metric): number {
  return better === "lower" ? 0 : 1;
}

/** Lists the phrases of the writer's own script. */
function unknownMetric(cell: string): string {
  const phrases = METRICS.flatMap((metric) => metric.phrases);
  const inScript = phrases.filter((phrase) => isChinese(phrase) === isChinese(cell));
  const meant = closestWord(cell.trim(), inScript);
  const question = meant === undefined ? "." : `; did you mean "${meant}"?`;
  return `no metric is called "${cell.trim()}"${question} Metrics are: ${inScript.join(", ")}`;
}

function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

function problem(sentence: string): ThresholdReading {
  return { type: "problem", problem: sentence };
}
