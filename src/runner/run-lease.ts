import { type LeaseFields, leaseRef, releaseLease } from "#disruptions/release-lease.ts";
import { HarnessError, messageOf } from "#domain/errors.ts";
import { MANAGED_BY, RUN_LABEL } from "#domain/undo-step.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";

/** Who wants to hold the lease, and where. */
export interface LeaseRequest {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly namespace: string;
  readonly runId: string;
  /** The wall clock at the run's zero, ISO 8601. */
  readonly startedAt: string;
  /** Called when the wait for a holder that may be dead begins. */
  readonly onWaiting: (holder: string, seconds: number) => void;
  /** Called when it could not be given back: it expires by itself, and until then the next run waits. */
  readonly onLeft: (because: string) => Promise<void>;
  /** Called once when the lease is lost: another run may begin, so this one must stop. */
  readonly onLost: (error: HarnessError) => void;
}

/** A lease that is held and renewed until it is released. */
export interface RunLease {
  release(): Promise<void>;
}

const DURATION_S = 15;
const RENEW_MS = 5_000;

/**
 * Takes the Lease of the namespace, so that two runs never disturb the same workload, and keeps renewing it.
 *
 * A holder that does not renew for the Lease's duration is taken to be dead. That is seen by watching it,
 * not by its time, for the clocks of two machines may differ: a dead one costs a wait of 15 s.
 */
export async function holdLease(request: LeaseRequest, signal: AbortSignal): Promise<RunLease> {
  await take(request, signal);
  const over = new AbortController();
  const renewing = keepRenewing(request, over.signal);
  return {
    async release() {
      over.abort();
      await renewing;
      await giveBack(request);
    },
  };
}

async function take(request: LeaseRequest, signal: AbortSignal): Promise<void> {
  const { cluster, clock, namespace, runId, onWaiting } = request;
  const ref = leaseRef(namespace);
  let seen: LeaseFields["spec"];
  let unchangedSinceMs = clock.nowMs();
  for (;;) {
    if ((await cluster.createObject(newLease(request), signal)) === "created") return;
    const found = (await cluster.readObject(ref, signal)) as LeaseFields | undefined; // a Lease
    if (found === undefined) continue; // released between the two requests
    const { holderIdentity = "", renewTime = "" } = found.spec ?? {};
    if (seen === undefined) {
      seen = { holderIdentity, renewTime };
      onWaiting(holderIdentity, DURATION_S);
    } else if (seen.holderIdentity !== holderIdentity || seen.renewTime !== renewTime) {
      throw inProgress(namespace, holderIdentity);
    }
    if (clock.nowMs() - unchangedSinceMs >= DURATION_S * 1000) {
      const { resourceVersion } = found.metadata;
      const body = {
        metadata: { resourceVersion, labels: { [RUN_LABEL]: runId } },
        spec: holding(request),
      };
      const outcome = await cluster.patchObject(ref, { type: "merge", body }, signal);
      if (outcome.type === "patched") return;
      unchangedSinceMs = clock.nowMs();
      seen = undefined;
    }
    await clock.sleep(1_000, signal);
  }
}

function newLease(request: LeaseRequest): KubernetesObject {
  const { namespace, runId } = request;
  const { apiVersion, kind, name } = leaseRef(namespace);
  const labels = { ...MANAGED_BY, [RUN_LABEL]: runId };
  const spec = holding(request);
  return { apiVersion, kind, metadata: { name, namespace, labels }, spec };
}

function holding(request: LeaseRequest): object {
  const now = microTime(request);
  return {
    holderIdentity: request.runId,
    leaseDurationSeconds: DURATION_S,
    acquireTime: now,
    renewTime: now,
  };
}

/** A Lease's times have six digits after the second. */
function microTime({ startedAt, clock }: LeaseRequest): string {
  const wallMs = Date.parse(startedAt) + clock.nowMs();
  return new Date(wallMs).toISOString().replace("Z", "000Z");
}

async function keepRenewing(request: LeaseRequest, signal: AbortSignal): Promise<void> {
  const { clock } = request;
  let renewedAtMs = clock.nowMs();
  while (!signal.aborted) {
    await clock.sleep(RENEW_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    const outcome = await renew(request, signal);
    if (signal.aborted) return;
    if (outcome === "renewed") renewedAtMs = clock.nowMs();
    const silentMs = clock.nowMs() - renewedAtMs;
    if (outcome === "lost" || silentMs >= DURATION_S * 1000) {
      request.onLost(lost(request.namespace));
      return;
    }
  }
}

/** A server that does not answer is asked again: until the duration is over, nobody else may take it. */
async function renew(
  request: LeaseRequest,
  signal: AbortSignal,
): Promise<"renewed" | "lost" | "unanswered"> {
  const { cluster, namespace, runId } = request;
  const body = [
    { op: "test", path: "/spec/holderIdentity", value: runId },
    { op: "replace", path: "/spec/renewTime", value: microTime(request) },
  ];
  try {
    const ref = leaseRef(namespace);
    const outcome = await cluster.patchObject(ref, { type: "json", body }, signal);
    // A Lease that is gone went with its namespace: nobody can hold it there.
    return outcome.type === "conflict" ? "lost" : "renewed";
  } catch {
    return "unanswered";
  }
}

/** Only while it is ours: its version says so, and the server compares it. */
async function giveBack(request: LeaseRequest): Promise<void> {
  const signal = AbortSignal.timeout(DURATION_S * 1000);
  await releaseLease(request.cluster, request, signal).catch(
    async (error: unknown) => await request.onLeft(messageOf(error)),
  );
}

function inProgress(namespace: string, holder: string): HarnessError {
  return new HarnessError(
    "RUN_IN_PROGRESS",
    `The run ${holder} is at work in the namespace ${namespace}; two at once would disturb each other.`,
    {
      hint: `Wait for its end. \`kubectl get lease lastcall -n ${namespace} -o yaml\` shows who holds it.`,
    },
  );
}

function lost(namespace: string): HarnessError {
  return new HarnessError(
    "LEASE_LOST",
    `The Lease ${namespace}/lastcall could not be kept, so another run may have begun there.`,
    { hint: "Was the API server away for long, or the Lease changed by hand? Run again." },
  );
}
