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

/** Adds it beside those of others. */
export async function addTaint(
  cluster: Cluster,
  { node, taint }: NodeTaint,
  signal: AbortSignal,
): Promise<void> {
  await changeTaints(cluster, node, signal, (taints) =>
    taints === undefined
      ? [{ op: "add", path: "/spec/taints", value: [taint] }]
      : [{ op: "add", path: "/spec/taints/-", value: taint }],
  );
}

/** Removes ours and leaves those of others; false when it is not there. */
export async function removeTaint(
  cluster: Cluster,
  { node, taint }: NodeTaint,
  signal: AbortSignal,
): Promise<boolean> {
  return await changeTaints(cluster, node, signal, (taints = []) => {
    const index = taints.findIndex(
      ({ key, value, effect }) =>
        key === taint.key && value === taint.value && effect === taint.effect,
    );
    if (index === -1) return undefined;
    const path = taints.length === 1 ? "/spec/taints" : `/spec/taints/${index}`;
    return [{ op: "remove", path }];
  });
}

async function changeTaints(
  cluster: Cluster,
  node: string,
  signal: AbortSignal,
  change: (taints: readonly Taint[] | undefined) => readonly object[] | undefined,
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
    const outcome = await cluster.patchObject(ref, { type: "json", body }, signal);
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
