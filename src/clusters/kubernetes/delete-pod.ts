import type { LeavingPod } from "#ports/cluster-objects.ts";
import type { ApiConnection } from "./api-connection.ts";
import { refusal } from "./api-errors.ts";
import { coreCollection, describeObject } from "./api-paths.ts";

/** A plain delete, as `kubectl delete pod`: no budget is asked, and the pod's own grace is the default. */
export async function deletePod(
  api: ApiConnection,
  { pod, gracePeriodSeconds }: { readonly pod: LeavingPod; readonly gracePeriodSeconds?: number },
  signal: AbortSignal,
): Promise<"deleted" | "already-gone"> {
  const attempt = `delete ${describeObject("Pod", pod.namespace, pod.name)}`;
  const answer = await api.request(
    {
      attempt,
      method: "DELETE",
      path: `${coreCollection(pod.namespace, "pods")}/${encodeURIComponent(pod.name)}`,
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
        ...(pod.dryRun && { dryRun: ["All"] }),
        ...(pod.uid !== undefined && { preconditions: { uid: pod.uid } }),
      },
    },
    signal,
  );
  if (answer.status === 404) return "already-gone";
  // The uid is our only precondition, so a conflict means that another pod has the name now.
  if (answer.status === 409 && pod.uid !== undefined) return "already-gone";
  if (answer.status < 200 || answer.status > 299) throw refusal(attempt, answer);
  return "deleted";
}
