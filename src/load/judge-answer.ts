import type { FailureClass, Outcome } from "#domain/exchange.ts";
import type { Expectation } from "#domain/load-profile.ts";

/** A complete answer, as far as judging it needs. */
export interface Answer {
  readonly status: number;
  /** The server announced, unasked, that it will close the connection. */
  readonly closes: boolean;
  /** Present only where the expectation reads it. */
  readonly body?: string;
}

/** A gateway that lost the answer behind it: what stands behind may have acted. */
const LOST_BEHIND_GATEWAY = new Set([502, 504]);

/**
 * A complete answer outside the expectation is an error. By saying so the server says that it did not do
 * the work (`failed`), unless the status is one of success, or a gateway speaks for somebody else.
 */
export function judgeAnswer(answer: Answer, expect: Expectation): Outcome {
  const { status } = answer;
  const statusFits = status >= expect.statusMin && status <= expect.statusMax;
  if (statusFits && bodyFits(answer.body, expect)) return { type: "ok", status };
  const mayHaveActed = status < 300 || LOST_BEHIND_GATEWAY.has(status);
  const reason = errorClass(answer);
  return mayHaveActed
    ? { type: "indeterminate", reason, status }
    : { type: "failed", reason, status };
}

function errorClass({ status, closes }: Answer): FailureClass {
  if (status < 500) return "unexpected-answer";
  return closes ? "server-error-and-close" : "server-error";
}

/** Whether answers have to be kept in memory to judge them. */
export function readsBody(expect: Expectation): boolean {
  return expect.bodyIncludes !== undefined || expect.bodyJson !== undefined;
}

function bodyFits(body: string | undefined, expect: Expectation): boolean {
  if (expect.bodyIncludes !== undefined && body?.includes(expect.bodyIncludes) !== true)
    return false;
  return expect.bodyJson === undefined || holdsValue(body ?? "", expect.bodyJson);
}

function holdsValue(body: string, { path, equals }: NonNullable<Expectation["bodyJson"]>): boolean {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return false;
  }
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return false;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value === equals;
}
