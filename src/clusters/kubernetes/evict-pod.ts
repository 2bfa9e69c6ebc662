import { describeRef } from "#domain/object-ref.ts";
import type { EvictionOutcome, LeavingPod } from "#ports/cluster-objects.ts";
import type { ApiConnection } from "./api-connection.ts";
import { type ApiAnswer, refusal, statusOf } from "./api-errors.ts";
import { objectPath } from "./object-path.ts";

/** The part of a Status that says which budget refused. */
interface EvictionStatus {
  readonly message?: string;
  readonly details?: {
    readonly causes?: readonly { readonly reason?: string; readonly message?: string }[];
  };
}

/** Asks for an eviction, as `kubectl drain` does, with the pod's own grace period. */
export async function evictPod(
  api: ApiConnection,
  { namespace, name, uid, dryRun }: LeavingPod,
  signal: AbortSignal,
): Promise<EvictionOutcome> {
  const ref = { apiVersion: "v1", kind: "Pod", namespace, name };
  const attempt = `evict ${describeRef(ref)}`;
  const deleteOptions = {
    ...(uid !== undefined && { preconditions: { uid } }),
    ...(dryRun && { dryRun: ["All"] }),
  };
  const answer = await api.request(
    {
      attempt,
      method: "POST",
      once: true, // a budget refuses with 429 as well, and who asks for evictions has a patience of their own
      path: `${objectPath(ref)}/eviction`,
      body: {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name, namespace },
        ...(Object.keys(deleteOptions).length > 0 && { deleteOptions }),
      },
    },
    signal,
  );
  if (answer.status === 404 || answer.status === 409) return { type: "already-gone" };
  if (answer.status === 429) return refused(answer);
  if (isNamespaceEnding(answer)) return { type: "already-gone" };
  if (answer.status < 200 || answer.status > 299) throw refusal(attempt, answer);
  return { type: "evicted" };
}

/** Whoever deletes the namespace deletes its pods too, so kubectl does not insist either. */
function isNamespaceEnding(answer: ApiAnswer): boolean {
  return (
    answer.status === 403 && /because it is being terminated/.test(statusOf(answer).message ?? "")
  );
}

/** 429 is said by a budget, which names itself in a cause, and by a server that is overloaded. */
function refused(answer: ApiAnswer): EvictionOutcome {
  const { message = "", details } = statusOf(answer) as EvictionStatus;
  const cause = details?.causes?.find(({ reason }) => reason === "DisruptionBudget");
  if (cause === undefined && !message.includes("disruption budget")) {
    return { type: "busy", message };
  }
  const budget = /disruption budget (\S+)/.exec(cause?.message ?? "")?.[1];
  return {
    type: "refused",
    message: cause?.message ?? message,
    ...(budget !== undefined && { budget }),
  };
}
