/** One thing that is wrong with an object, worded as Kubernetes words it. */
export interface Problem {
  /** `spec.containers[0].name` */
  readonly field: string;
  readonly reason:
    | "FieldValueRequired"
    | "FieldValueInvalid"
    | "FieldValueForbidden"
    | "FieldValueNotSupported"
    | "FieldValueDuplicate"
    | "FieldValueNotFound"
    | "FieldValueTooLong";
  readonly message: string;
}

/** The field is missing or empty; `detail` says which choice there was. */
export function required(field: string, detail = ""): Problem {
  return { field, reason: "FieldValueRequired", message: join("Required value", detail) };
}

/** The value is quoted in the message, so the reader sees what arrived. */
export function invalid(field: string, value: unknown, detail: string): Problem {
  const message = join(`Invalid value: ${show(value)}`, detail);
  return { field, reason: "FieldValueInvalid", message };
}

/** The value may not be set, or not be changed, in this situation. */
export function forbidden(field: string, detail: string): Problem {
  return { field, reason: "FieldValueForbidden", message: join("Forbidden", detail) };
}

/** The value is none of a closed set. */
export function notSupported(field: string, value: unknown, supported: readonly string[]): Problem {
  const list = supported.map((one) => JSON.stringify(one)).join(", ");
  const message = join(`Unsupported value: ${show(value)}`, `supported values: ${list}`);
  return { field, reason: "FieldValueNotSupported", message };
}

/** The value must be unique among its siblings. */
export function duplicate(field: string, value: unknown): Problem {
  return { field, reason: "FieldValueDuplicate", message: `Duplicate value: ${show(value)}` };
}

/** The value names something that does not exist in the object. */
export function missing(field: string, value: unknown): Problem {
  return { field, reason: "FieldValueNotFound", message: `Not found: ${show(value)}` };
}

function join(head: string, detail: string): string {
  return detail === "" ? head : `${head}: ${detail}`;
}

function show(value: unknown): string {
  return value === undefined || value === null ? "null" : JSON.stringify(value);
}
