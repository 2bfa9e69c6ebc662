import type { Observation } from "#domain/observation.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { Clock } from "#ports/clock.ts";
import type { ApiConnection } from "./api-connection.ts";
import type { ApiEndpointSlice, ApiEvent, ApiPod, ApiWorkload } from "./api-objects.ts";
import { coreCollection, workloadCollection } from "./api-paths.ts";
import { endpointSnapshots } from "./endpoint-snapshots.ts";
import { podSnapshot } from "./pod-snapshot.ts";
import { ResourceWatch } from "./resource-watch.ts";
import type { Gap } from "./sight.ts";
import { workloadSnapshot } from "./workload-snapshot.ts";

/** Where the watches of one run look, and whom they tell. */
export interface Outlook {
  readonly api: ApiConnection;
  readonly clock: Clock;
  readonly namespace: string;
  report(observation: Observation): void;
}

/** Every pod that the workload's own selector selects, of old and new revisions alike. */
export function watchPods(outlook: Outlook, labelSelector: string): ResourceWatch<ApiPod> {
  const path = coreCollection(outlook.namespace, "pods");
  return new ResourceWatch<ApiPod>(
    { resource: "pods", path, query: { labelSelector } },
    {
      changed: (change, pod, atMs) =>
        outlook.report({ type: "pod", atMs, change, pod: podSnapshot(pod) }),
      gap: reportGap(outlook, "pods"),
    },
    outlook,
  );
}

/** All slices of the Service: there is more than one above 100 endpoints, and one per port map. */
export function watchEndpointSlices(
  outlook: Outlook,
  service: string,
): ResourceWatch<ApiEndpointSlice> {
  const resource = "endpointslices";
  const namespace = encodeURIComponent(outlook.namespace);
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/${resource}`;
  return new ResourceWatch<ApiEndpointSlice>(
    { resource, path, query: { labelSelector: `kubernetes.io/service-name=${service}` } },
    {
      changed: (change, slice, atMs) =>
        outlook.report({
          type: "endpoint-slice",
          atMs,
          change,
          slice: slice.metadata.name,
          service,
          endpoints: endpointSnapshots(slice),
        }),
      gap: reportGap(outlook, resource),
    },
    outlook,
  );
}

/** The workload alone, out of its collection; `onSeen` gets the whole object, with its selector. */
export function watchWorkload(
  outlook: Outlook,
  workload: WorkloadRef,
  onSeen: (object: ApiWorkload) => void,
): ResourceWatch<ApiWorkload> {
  const path = workloadCollection(workload);
  const resource = path.slice(path.lastIndexOf("/") + 1);
  return new ResourceWatch<ApiWorkload>(
    { resource, path, query: { fieldSelector: `metadata.name=${workload.name}` } },
    {
      changed: (change, object, atMs) => {
        if (change === "deleted") return; // its pods tell the rest of the story
        onSeen(object);
        outlook.report({
          type: "workload",
          atMs,
          workload: workloadSnapshot(workload.kind, object),
        });
      },
      gap: reportGap(outlook, resource),
    },
    outlook,
  );
}

/** What kubelet and controllers say about anything in the namespace, where `concerns` wants it. */
export function watchEvents(
  outlook: Outlook,
  concerns: (event: ApiEvent) => boolean,
): ResourceWatch<ApiEvent> {
  const path = coreCollection(outlook.namespace, "events");
  return new ResourceWatch<ApiEvent>(
    { resource: "events", path, query: {} },
    {
      changed: (change, event, atMs) => {
        // An event that is deleted has only become an hour old.
        if (change !== "deleted" && concerns(event)) outlook.report(eventObservation(event, atMs));
      },
      gap: reportGap(outlook, "events"),
    },
    outlook,
  );
}

/** A Kubernetes Event in the run's terms; `about` is written as kubectl does: `pod/web-7`. */
export function eventObservation(event: ApiEvent, atMs: number): Observation {
  const { kind = "object", name = "" } = event.involvedObject;
  return {
    type: "event",
    atMs,
    about: `${kind.toLowerCase()}/${name}`,
    severity: event.type === "Warning" ? "Warning" : "Normal",
    reason: event.reason ?? "",
    message: event.message ?? "",
  };
}

function reportGap(outlook: Outlook, resource: string): (gap: Gap) => void {
  return ({ fromMs, untilMs, reason }) =>
    outlook.report({ type: "watch-gap", atMs: fromMs, untilMs, resource, reason });
}
