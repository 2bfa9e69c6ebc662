import { isDeepStrictEqual } from "node:util";
import type { NetChange } from "#domain/net-changes.ts";
import { MANAGED_BY } from "#domain/undo-step.ts";
import type { Cluster } from "#ports/cluster.ts";
import { valueAt } from "./change-field.ts";
import { removeTaint } from "./node-taints.ts";
import { releaseLease } from "./release-lease.ts";
import { turnOn } from "./turn-on-nodes.ts";

/** `left`: somebody else has changed it since, and knows better; `because` says so. */
export type Restored =
  | { readonly type: "restored" }
  | { readonly type: "unchanged" }
  | { readonly type: "left"; readonly because: string };

/**
 * Takes one change back, if it was made and nobody has changed the same thing since. It may be done twice:
 * the second time finds nothing to do.
 */
export async function restoreStep(
  step: NetChange,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<Restored> {
  switch (step.type) {
    case "field":
      return await restoreField(step, cluster, signal);
    case "taint":
      return (await removeTaint(cluster, step, signal))
        ? { type: "restored" }
        : { type: "unchanged" };
    case "machine": {
      const answer = await turnOn(step, cluster, signal);
      return { type: answer === "turned-on" ? "restored" : "unchanged" };
    }
    case "lease":
      return (await releaseLease(cluster, step, signal))
        ? { type: "restored" }
        : { type: "unchanged" };
    case "created":
      return await removeCreated(step, cluster, signal);
  }
}

async function restoreField(
  { object, path, before, given }: Extract<NetChange, { type: "field" }>,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<Restored> {
  const found = await cluster.readObject(object, signal);
  if (found === undefined) return { type: "left", because: "it is not there any more" };
  const now = valueAt(found, path);
  if (isDeepStrictEqual(now, before)) return { type: "unchanged" };
  const changed = { type: "left", because: "somebody else has changed it since" } as const;
  if (!given.some((value) => isDeepStrictEqual(now, value))) return changed;
  const outcome = await cluster.patchObject(
    object,
    { type: "json", body: [...testOf(path, now), operationTo(path, before, now)] },
    signal,
  );
  return outcome.type === "patched" ? { type: "restored" } : changed;
}

/** The server compares as well, so that a change in between is not overwritten; it cannot test for absence. */
function testOf(path: string, value: unknown): readonly object[] {
  return value === undefined ? [] : [{ op: "test", path, value }];
}

function operationTo(path: string, before: unknown, now: unknown): object {
  if (before === undefined) return { op: "remove", path };
  return { op: now === undefined ? "add" : "replace", path, value: before };
}

/** Only what carries our label: a namesake that somebody else has made since is not ours. */
async function removeCreated(
  { object }: Extract<NetChange, { type: "created" }>,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<Restored> {
  const found = await cluster.readObject(object, signal);
  if (found === undefined) return { type: "unchanged" };
  const [[label, value] = ["", ""]] = Object.entries(MANAGED_BY);
  if (found.metadata.labels?.[label] !== value) {
    return { type: "left", because: `it does not carry the label ${label}=${value}` };
  }
  const { uid } = found.metadata as { readonly uid?: string }; // the API's metadata
  // Without being told, the API lets the pods of a Job live on.
  const propagation = "Background";
  await cluster.deleteObject(object, { propagation, ...(uid !== undefined && { uid }) }, signal);
  return { type: "restored" };
}
