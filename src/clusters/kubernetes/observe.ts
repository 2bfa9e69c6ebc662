import { HarnessError } from "#domain/errors.ts";
import type { Observation } from "#domain/observation.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { Clock } from "#ports/clock.ts";
import type { Watching } from "#ports/cluster.ts";
import type { ApiConnection } from "./api-connection.ts";
import { refusal } from "./api-errors.ts";
import type { ApiWorkload } from "./api-objects.ts";
import { describeObject, workloadPath } from "./api-paths.ts";
import { formatLabelSelector } from "./label-selector.ts";
import {
  type Outlook,
  watchEndpointSlices,
  watchEvents,
  watchPods,
  watchWorkload,
} from "./observed-resources.ts";

export interface ObservationScope {
  readonly namespace: string;
  readonly workload: WorkloadRef;
  readonly service: string;
}

/**
 * Reports the pods, endpoints, workload and events of the scope until stopped. It returns when the first
 * lists are in; what is there already is reported as `added`.
 */
export async function observe(
  api: ApiConnection,
  scope: ObservationScope,
  {
    onObservation,
    clock,
    signal,
  }: {
    readonly onObservation: (observation: Observation) => void;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): Promise<Watching> {
  const workload = await readWorkload(api, scope.workload, signal);
  const present = new Set([workload.metadata.uid]);
  const outlook: Outlook = {
    api,
    clock,
    namespace: scope.namespace,
    report(observation) {
      if (observation.type === "pod") present.add(observation.pod.uid);
      onObservation(observation);
    },
  };
  const first = [
    watchWorkload(outlook, scope.workload),
    watchPods(outlook, formatLabelSelector(workload.spec.selector)),
    watchEndpointSlices(outlook, scope.service),
  ];
  await Promise.all(first.map((watch) => watch.list(signal)));

  // Events are kept for an hour: the first list is full of pods that this run has never met.
  let listing = true;
  const events = watchEvents(
    outlook,
    ({ involvedObject }) => !listing || present.has(involvedObject.uid ?? ""),
  );
  await events.list(signal);
  listing = false;

  const ending = new AbortController();
  const stop = AbortSignal.any([signal, ending.signal, api.closed]);
  const following = Promise.all([...first, events].map((watch) => watch.follow(stop)));
  return {
    async stop() {
      ending.abort();
      await following;
    },
  };
}

async function readWorkload(
  api: ApiConnection,
  workload: WorkloadRef,
  signal: AbortSignal,
): Promise<ApiWorkload> {
  const name = describeObject(workload.kind, workload.namespace, workload.name);
  const attempt = `observe ${name}`;
  const answer = await api.request(
    { attempt, method: "GET", path: workloadPath(workload) },
    signal,
  );
  if (answer.status === 404) {
    throw new HarnessError("WORKLOAD_NOT_FOUND", `There is no ${name} to observe.`, {
      hint: `Apply it first, or correct the workload's kind, namespace and name in the scenario; \`kubectl get ${workload.kind.toLowerCase()}s -n ${workload.namespace}\` lists what there is.`,
    });
  }
  if (answer.status !== 200) throw refusal(attempt, answer);
  return answer.body as ApiWorkload; // the path says which kind it is
}
