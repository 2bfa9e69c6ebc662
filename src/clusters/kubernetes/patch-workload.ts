import type { WorkloadRef } from "#domain/workload.ts";
import type { ApiConnection } from "./api-connection.ts";
import type { ApiWorkload } from "./api-objects.ts";
import { describeObject, workloadPath } from "./api-paths.ts";

/** Strategic merge: lists of containers and variables are merged by name, not replaced. */
export async function patchWorkload(
  api: ApiConnection,
  { workload, patch }: { readonly workload: WorkloadRef; readonly patch: object },
  signal: AbortSignal,
): Promise<{ readonly generation: number }> {
  const patched = await api.json<ApiWorkload>(
    {
      attempt: `patch ${describeObject(workload.kind, workload.namespace, workload.name)}`,
      method: "PATCH",
      path: workloadPath(workload),
      query: { fieldManager: "lastcall" },
      body: patch,
      contentType: "application/strategic-merge-patch+json",
    },
    signal,
  );
  return { generation: patched.metadata.generation ?? 0 };
}
