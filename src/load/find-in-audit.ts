import type { AuditCheck, AuditFinding } from "#domain/audit-check.ts";

type Found = AuditFinding["found"];

/**
 * What the audit's answer holds at the path of a check: the total of a sum, the state of a counter, or
 * the keys of a set that `isOwnKey` takes for this run's. Throws when something else is there.
 */
export function findInAudit(
  answer: unknown,
  { type, path }: AuditCheck,
  isOwnKey: (key: string) => boolean,
): Found {
  const value = path.reduce<unknown>(member, answer);
  switch (type) {
    case "sum":
      return total(value, path);
    case "counter":
      return typeof value === "number" ? value : refuse(path, "a number");
    case "set":
      return keys(value, path).filter(isOwnKey);
  }
}

function member(parent: unknown, name: string): unknown {
  return typeof parent === "object" && parent !== null && Object.hasOwn(parent, name)
    ? (parent as Readonly<Record<string, unknown>>)[name] // it is an object, and has it
    : undefined;
}

/** Of a number, of a list of them, or of the members of an object. */
function total(value: unknown, path: readonly string[]): number {
  const parts = typeof value === "object" && value !== null ? Object.values(value) : [value];
  const numbers = parts.filter((part) => typeof part === "number");
  if (numbers.length < parts.length) return refuse(path, "numbers only");
  return numbers.reduce((sum, number) => sum + number, 0);
}

function keys(value: unknown, path: readonly string[]): readonly string[] {
  if (!Array.isArray(value)) return refuse(path, "a list of keys");
  const texts = value.filter((item) => typeof item === "string");
  return texts.length === value.length ? texts : refuse(path, "a list of keys");
}

function refuse(path: readonly string[], expected: string): never {
  throw new Error(`${path.join(".")} in the answer is not ${expected}`);
}
