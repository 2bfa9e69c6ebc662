import type { Observation } from "#domain/observation.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { Clock } from "#ports/clock.ts";
import type { Watching } from "#ports/cluster.ts";
import type { ApiConnection } from "./api-connection.ts";
import type { ApiPod } from "./api-objects.ts";
import { keepMarking } from "./keep-marking.ts";
import { formatLabelSelector } from "./label-selector.ts";
import {
  type Outlook,
  watchEndpointSlices,
  watchEvents,
  watchPods,
  watchWorkload,
} from "./observed-resources.ts";
import type { ResourceWatch } from "./resource-watch.ts";

interface ObserveOptions {
  readonly onObservation: (observation: Observation) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface ObservationScope {
  readonly namespace: string;
  readonly workload: WorkloadRef;
  readonly service: string;
}

/**
 * Reports the pods, endpoints, workload and events of the scope until stopped. It returns when the first
 * lists are in; what is there already is reported as `added`. Which pods are the workload's is in its
 * selector, so the watch of the pods begins when the workload is first seen.
 */
export async function observe(
  api: ApiConnection,
  scope: ObservationScope,
  { onObservation, clock, signal }: ObserveOptions,
): Promise<Watching> {
  const ending = new AbortController();
  const stop = AbortSignal.any([signal, ending.signal, api.closed]);
  const present = new Set<string>();
  const outlook: Outlook = {
    api,
    clock,
    namespace: scope.namespace,
    report(observation) {
      if (observation.type === "pod") present.add(observation.pod.uid);
      onObservation(observation);
    },
  };
  const following: Promise<void>[] = [];
  let pods: ResourceWatch<ApiPod> | undefined;
  let listing = true;
  const workload = watchWorkload(outlook, scope.workload, (seen) => {
    present.add(seen.metadata.uid);
    if (pods !== undefined) return;
    pods = watchPods(outlook, formatLabelSelector(seen.spec.selector));
    if (!listing) following.push(pods.follow(stop));
  });
  const slices = watchEndpointSlices(outlook, scope.service);
  // Events are kept for an hour: the first list is full of pods that this run has never met.
  const events = watchEvents(
    outlook,
    ({ involvedObject }) => !listing || present.has(involvedObject.uid ?? ""),
  );

  await workload.list(signal);
  await Promise.all([pods?.list(signal), slices.list(signal)]);
  await events.list(signal);
  listing = false;

  following.push(workload.follow(stop), slices.follow(stop), events.follow(stop));
  // Events may be kept in a store of their own, which counts for itself.
  const marked = () => [workload, slices, ...(pods === undefined ? [] : [pods])];
  following.push(keepMarking(outlook, marked, stop));
  if (pods !== undefined) following.push(pods.follow(stop));
  return {
    async stop() {
      ending.abort();
      await Promise.all(following);
    },
  };
}
