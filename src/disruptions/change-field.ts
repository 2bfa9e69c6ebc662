import { isDeepStrictEqual } from "node:util";
import { HarnessError } from "#domain/errors.ts";
import { describeRef, type ObjectRef, shortRef } from "#domain/object-ref.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { ObjectPatch } from "#ports/cluster-objects.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { reportAction } from "./report-action.ts";

/** One change of one field, which can be taken back. */
export interface FieldChange {
  readonly object: ObjectRef;
  /** JSON pointer of the field that the patch changes, such as `/spec/template`. */
  readonly path: string;
  readonly patch: ObjectPatch;
  readonly verb: string;
  readonly stays?: true;
  describe(changed: KubernetesObject): string;
}

/**
 * Asks the server by a dry run what the patch would make of the field, writes down how to take that back,
 * and only then patches. Returns the object, or undefined when it is already as it should be.
 */
export async function changeField(
  change: FieldChange,
  context: DisruptionContext,
): Promise<KubernetesObject | undefined> {
  const { object, path, patch, stays } = change;
  const { cluster, undo, signal } = context;
  const now = await cluster.readObject(object, signal);
  if (now === undefined) throw missing(object);
  const trial = await cluster.patchObject(object, { ...patch, dryRun: true }, signal);
  if (trial.type !== "patched") throw missing(object);
  const before = valueAt(now, path);
  const after = valueAt(trial.object, path);
  if (isDeepStrictEqual(before, after)) return undefined;
  await undo.record({
    type: "field",
    object,
    path,
    ...(before !== undefined && { before }),
    after,
    ...(stays && { stays }),
  });
  return await reportAction(
    {
      verb: change.verb,
      object: shortRef(object),
      act: async () => {
        const outcome = await cluster.patchObject(object, patch, signal);
        if (outcome.type !== "patched") throw missing(object);
        return outcome.object;
      },
      describe: (changed) => change.describe(changed),
    },
    context,
  );
}

/** What a JSON pointer finds; undefined where there is nothing. Keys here contain neither `~` nor `/`. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const key of path.split("/").slice(1)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key]; // any object has members of some kind
  }
  return value;
}

function missing(object: ObjectRef): HarnessError {
  return new HarnessError(
    "NO_TARGET",
    `Could not change ${describeRef(object)}: it is not there.`,
    {
      hint: "Was it deleted or renamed while the run went on? Nothing of it was changed by this step.",
    },
  );
}
