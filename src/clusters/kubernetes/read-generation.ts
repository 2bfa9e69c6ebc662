import type { WorkloadRef } from "#domain/workload.ts";
import type { ApiConnection } from "./api-connection.ts";
import type { ApiWorkload } from "./api-objects.ts";
import { describeObject, workloadPath } from "./api-paths.ts";

/** Asks the API server itself, which is never behind as a watch may be. */
export async function readGeneration(
  api: ApiConnection,
  workload: WorkloadRef,
  signal: AbortSignal,
): Promise<number> {
  const { kind, namespace, name } = workload;
  const call = {
    attempt: `read ${describeObject(kind, namespace, name)}`,
    method: "GET",
    path: workloadPath(workload),
  } as const;
  const { metadata } = await api.json<ApiWorkload>(call, signal);
  return metadata.generation ?? 0;
}
