import type { Allowance } from "#domain/allowance.ts";
import { listReader, TEXT } from "./readers.ts";
import type { Reader } from "./yaml-value.ts";

const PATTERNS = listReader("a list of names, which may hold *", TEXT);

/** Which contexts and namespaces a run may touch. */
export const ALLOWANCE: Reader<Allowance> = {
  expected: "a mapping such as { contexts: [staging-*], namespaces: [shop] }",
  read: (value) => {
    const fields = value.fields(ALLOWANCE.expected);
    if (fields === undefined) return undefined;
    const contexts = fields.optional("contexts", PATTERNS);
    const namespaces = fields.optional("namespaces", PATTERNS);
    fields.refuseOthers();
    return {
      ...(contexts !== undefined && { contexts }),
      ...(namespaces !== undefined && { namespaces }),
    };
  },
};
