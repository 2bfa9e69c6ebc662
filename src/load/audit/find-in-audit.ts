import type { AuditCheck, AuditFinding } from "#domain/audit-check.ts";

type Found = AuditFinding["found"];

/**
 * What a check is about, as it stands in the value at its place: the total of a sum, the state of a counter,
 * or the keys that `isOwnKey` takes for this run's. Throws when something else is there.
 */
export function findInAudit(
  value: unknown,
  check: AuditCheck,
  isOwnKey: (key: string) => boolean,
): Found {
  switch (check.type) {
    case "sum":
      return total(value, check);
    case "counter":
      return typeof value === "number" ? value : refuse(check, "a number");
    case "set":
    case "queue":
      return keys(value, check).filter(isOwnKey);
  }
}

/** Of a number, of a list of them, or of the members of an object. */
function total(value: unknown, check: AuditCheck): number {
  const parts = typeof value === "object" && value !== null ? Object.values(value) : [value];
  const numbers = parts.filter((part) => typeof part === "number");
  if (numbers.length < parts.length) return refuse(check, "numbers only");
  return numbers.reduce((sum, number) => sum + number, 0);
}

function keys(value: unknown, check: AuditCheck): readonly string[] {
  if (!Array.isArray(value)) return refuse(check, "a list of keys");
  const texts = value.filter((item) => typeof item === "string");
  return texts.length === value.length ? texts : refuse(check, "a list of keys");
}

function refuse({ name, place }: AuditCheck, expected: string): never {
  const where =
    place.type === "path" ? `${place.names.join(".")} in the answer` : `what ${name} asks for`;
  throw new Error(`${where} is not ${expected}`);
}
