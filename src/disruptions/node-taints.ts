import { HarnessError } from "#domain/errors.ts";
import { nodeRef } from "#domain/object-ref.ts";
import type { Taint } from "#domain/undo-step.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";

interface NodeTaint {
  readonly node: string;
  readonly taint: Taint;
}

/** The node's controller writes taints too, so a change is tried again when it came in between. */
const TRIES = 5;

/** Adds it beside those of others; by a dry run, the server only says whether it would. */
export async function addTaint(
  cluster: Cluster,
  { node, taint, dryRun = false }: NodeTaint & { readonly dryRun?: boolean },
  signal: AbortSignal,
): Promise<void> {
  const change = (taints: readonly Taint[] | undefined) =>
    taints === undefined
      ? [{ op: "add", path: "/spec/taints", value: [taint] }]
      : [{ op: "add", path: "/spec/taints/-", value: taint }];
  await changeTaints(cluster, { node, change, dryRun }, signal);
}

/** Removes ours and leaves those of others; false when it is not there. */
export async function removeTaint(
  cluster: Cluster,
  { node, taint }: NodeTaint,
  signal: AbortSignal,
): Promise<boolean> {
  const change = (taints: readonly Taint[] = []) => {
    const index = taints.findIndex(
      ({ key, value, effect }) =>
        key === taint.key && value === taint.value && effect === taint.effect,
    );
    if (index === -1) return undefined;
    const path = taints.length === 1 ? "/spec/taints" : `/spec/taints/${index}`;
    return [{ op: "remove", path }];
  };
  return await changeTaints(cluster, { node, change, dryRun: false }, signal);
}

interface TaintChange {
  readonly node: string;
  readonly dryRun: boolean;
  change(taints: readonly Taint[] | undefined): readonly object[] | undefined;
}

async function changeTaints(
  cluster: Cluster,
  { node, change, dryRun }: TaintChange,
  signal: AbortSignal,
): Promise<boolean> {
  const ref = nodeRef(node);
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const object = await cluster.readObject(ref, signal);
    if (object === undefined) return false;
    const operations = change(
      (object["spec"] as { taints?: readonly Taint[] } | undefined)?.taints,
    );
    if (operations === undefined) return false;
    const value = versionOf(object);
    const body = [{ op: "test", path: "/metadata/resourceVersion", value }, ...operations];
    const outcome = await cluster.patchObject(ref, { type: "json", body, dryRun }, signal);
    if (outcome.type === "patched") return true;
  }
  throw new HarnessError(
    "TAINT_CONFLICT",
    `Could not change the taints of node ${node}: others changed it ${TRIES} times meanwhile.`,
    { hint: "Something writes the node again and again; `kubectl get node -w` shows it." },
  );
}

function versionOf(object: KubernetesObject): string {
  return (object.metadata as { readonly resourceVersion?: string }).resourceVersion ?? ""; // the API's metadata
}
