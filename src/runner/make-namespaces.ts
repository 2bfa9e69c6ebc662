import { HarnessError } from "#domain/errors.ts";
import { MANAGED_BY, RUN_LABEL } from "#domain/undo-step.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { UndoLog } from "#ports/undo-log.ts";

interface Making {
  readonly cluster: Cluster;
  readonly undo: UndoLog;
  readonly runId: string;
  /** Namespaces among them are the user's own affair. */
  readonly objects: readonly KubernetesObject[];
  readonly namespace: string;
}

/** Makes the namespaces that the objects need and that are missing, labelled as this run's own. */
export async function makeNamespaces(
  { cluster, undo, runId, objects, namespace }: Making,
  signal: AbortSignal,
): Promise<void> {
  const stated = new Set(
    objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name),
  );
  const needed = new Set([
    namespace,
    ...objects.flatMap(({ metadata }) => metadata.namespace ?? []),
  ]);
  for (const name of needed.difference(stated)) {
    const ref = { apiVersion: "v1", kind: "Namespace", name };
    if (await exists(cluster, ref, signal)) continue;
    await undo.record({ type: "created", object: ref });
    const labels = { ...MANAGED_BY, [RUN_LABEL]: runId };
    const { apiVersion, kind } = ref;
    await cluster.createObject({ apiVersion, kind, metadata: { name, labels } }, signal);
  }
}

/** Who may not look at namespaces may still work in one; what comes next shows it. */
async function exists(
  cluster: Cluster,
  ref: Parameters<Cluster["readObject"]>[0],
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return (await cluster.readObject(ref, signal)) !== undefined;
  } catch (error) {
    if (error instanceof HarnessError && error.code === "FORBIDDEN") return true;
    throw error;
  }
}
