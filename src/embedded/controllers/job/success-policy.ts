import type { JobSpec } from "./job.ts";
import { parseIndexes } from "./job-indexes.ts";

/** The first rule of the success policy that is met, by its place; undefined when none is. */
export function metSuccessRule(
  { successPolicy }: Pick<JobSpec, "successPolicy">,
  completed: ReadonlySet<number>,
): number | undefined {
  const met = (successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    const named = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes);
    const done = named?.filter((index) => completed.has(index)).length ?? completed.size;
    return done >= (succeededCount ?? named?.length ?? Number.POSITIVE_INFINITY);
  });
  return met < 0 ? undefined : met;
}
