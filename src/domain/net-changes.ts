import { describeUndoStep, type UndoStep } from "./undo-step.ts";

type FieldStep = Extract<UndoStep, { type: "field" }>;

/** One thing to put back: all changes of one field are one, so that no value in between is set once more. */
export type NetChange =
  | Exclude<UndoStep, FieldStep>
  | (Omit<FieldStep, "after" | "stays"> & {
      /** Every value that the run gave it, or found there in between: whatever else it has is not ours. */
      readonly given: readonly unknown[];
    });

/** What has to be put back in the end, the last change first. */
export function netChanges(steps: readonly UndoStep[]): readonly NetChange[] {
  const groups = [...Map.groupBy(steps, describeUndoStep).values()];
  return groups.flatMap(netChange).toReversed();
}

function netChange(steps: readonly UndoStep[]): readonly NetChange[] {
  const [first] = steps;
  if (first === undefined) return [];
  if (first.type !== "field") return [first];
  const { type, object, path, before } = first;
  const fields = steps.filter((step) => step.type === "field");
  const given = [
    ...fields.map(({ after }) => after),
    ...fields.slice(1).map((step) => step.before),
  ];
  return [{ type, object, path, ...(before !== undefined && { before }), given }];
}
