import type { Timing } from "#domain/scenario.ts";
import { DURATION, POSITIVE_DURATION } from "./readers.ts";
import type { Reader } from "./yaml-value.ts";

/** The waits of a scenario that states none. */
export const DEFAULT_TIMING: Timing = {
  warmUpMs: 2_000,
  controlMs: 5_000,
  recoveryMs: 3_000,
  marginMs: 1_000,
  deadlineMs: 120_000,
  drainMs: 10_000,
};

/** What is not stated keeps its default. */
export const TIMING: Reader<Timing> = {
  expected: "a mapping such as { control: 5s, recovery: 3s }",
  read: (value) => {
    const fields = value.fields(TIMING.expected);
    if (fields === undefined) return undefined;
    const timing = {
      warmUpMs: fields.optional("warmUp", DURATION) ?? DEFAULT_TIMING.warmUpMs,
      controlMs: fields.optional("control", DURATION) ?? DEFAULT_TIMING.controlMs,
      recoveryMs: fields.optional("recovery", DURATION) ?? DEFAULT_TIMING.recoveryMs,
      marginMs: fields.optional("margin", DURATION) ?? DEFAULT_TIMING.marginMs,
      deadlineMs: fields.optional("deadline", POSITIVE_DURATION) ?? DEFAULT_TIMING.deadlineMs,
      drainMs: fields.optional("drain", POSITIVE_DURATION) ?? DEFAULT_TIMING.drainMs,
    };
    fields.refuseOthers();
    return timing;
  },
};
