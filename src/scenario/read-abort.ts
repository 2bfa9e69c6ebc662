import type { AbortConditions } from "#domain/abort-conditions.ts";
import { POSITIVE_DURATION, SHARE } from "./readers.ts";
import type { Reader } from "./yaml-value.ts";

/** The abort conditions of a scenario. */
export const ABORT: Reader<AbortConditions> = {
  expected: "a mapping such as { errorRate: 20%, capacity: 30%, after: 10m }",
  read: (value) => {
    const fields = value.fields(ABORT.expected);
    if (fields === undefined) return undefined;
    const errorRatio = fields.optional("errorRate", SHARE);
    const capacityRatio = fields.optional("capacity", SHARE);
    const afterMs = fields.optional("after", POSITIVE_DURATION);
    fields.refuseOthers();
    return {
      ...(errorRatio !== undefined && { errorRatio }),
      ...(capacityRatio !== undefined && { capacityRatio }),
      ...(afterMs !== undefined && { afterMs }),
    };
  },
};
