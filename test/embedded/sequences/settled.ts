import type { ApiClient } from "#embedded/api/client.ts";
import type {
  Deployment,
  EndpointSlice,
  KubeObject,
  Pod,
  ReplicaSet,
  Service,
} from "#embedded/api/objects.ts";
import {
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  PODS,
  REPLICA_SETS,
  SERVICES,
} from "#embedded/api/resources.ts";

interface Contents {
  readonly deployments: readonly Deployment[];
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

/** What is not yet, or never, as it has to be in a namespace that nobody writes to any more. */
export async function unsettled(api: ApiClient, namespace: string): Promise<readonly string[]> {
  const list = async <T extends KubeObject>(resource: Parameters<ApiClient["list"]>[0]) =>
    (await api.list<T>(resource, { namespace })).items;
  const contents = {
    deployments: await list<Deployment>(DEPLOYMENTS),
    replicaSets: await list<ReplicaSet>(REPLICA_SETS),
    pods: await list<Pod>(PODS),
    services: await list<Service>(SERVICES),
    slices: await list<EndpointSlice>(ENDPOINT_SLICES),
  };
  return [
    ...leaving(contents),
    ...ownerless(contents),
    ...contents.deployments.flatMap((deployment) => unreached(deployment, contents)),
    ...sharedAddresses(contents),
    ...contents.services.flatMap((service) => misdirected(service, contents)),
  ];
}

function named({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.name}`;
}

function leaving({ deployments, replicaSets, pods }: Contents): readonly string[] {
  return [...deployments, ...replicaSets, ...pods]
    .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    .map((object) => `${named(object)} is still leaving`);
}

function ownerless({ deployments, replicaSets, pods, services, slices }: Contents) {
  const present = new Set(
    [...deployments, ...replicaSets, ...services].map(({ metadata }) => metadata.uid),
  );
  return [...replicaSets, ...pods, ...slices]
    .filter(({ metadata }) =>
      (metadata.ownerReferences ?? []).some(({ uid }) => !present.has(String(uid))),
    )
    .map((object) => `${named(object)} has outlived its owner`);
}

function unreached({ metadata, spec }: Deployment, { replicaSets, pods }: Contents) {
  const owned = (object: KubeObject, owner: KubeObject["metadata"]) =>
    (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.uid);
  const own = replicaSets.filter((replicaSet) => owned(replicaSet, metadata));
  const ready = pods.filter(
    (pod) => own.some((replicaSet) => owned(pod, replicaSet.metadata)) && isReady(pod),
  );
  const image = spec.template.spec.containers[0]?.image;
  const updated = ready.filter((pod) => pod.spec.containers[0]?.image === image);
  const wanted = spec.replicas ?? 1;
  if (ready.length === wanted && updated.length === wanted) return [];
  const found = `${ready.length} pods, ${updated.length} of them of its template`;
  return [`Deployment ${metadata.name} wants ${wanted} and has ${found}`];
}

function sharedAddresses({ pods, services }: Contents): readonly string[] {
  const addresses = [
    ...pods.map(({ status }) => status.podIP ?? ""),
    ...services.map(({ spec }) => spec.clusterIP ?? ""),
  ].filter((address) => address !== "");
  return addresses
    .filter((address, index) => addresses.indexOf(address) !== index)
    .map((address) => `${address} belongs to two`);
}

function misdirected({ metadata, spec }: Service, { pods, slices }: Contents): readonly string[] {
  const listed = slices
    .filter(({ metadata: { labels } }) => labels?.["kubernetes.io/service-name"] === metadata.name)
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions.ready === true)
    .map(({ targetRef }) => targetRef?.name ?? "");
  const app = spec.selector?.["app"];
  const ready = pods
    .filter((pod) => pod.metadata.labels?.["app"] === app && isReady(pod))
    .map((pod) => pod.metadata.name);
  return listed.toSorted().join() === ready.toSorted().join()
    ? []
    : [`Service ${metadata.name} leads to ${listed.join()} instead of ${ready.join()}`];
}

function isReady({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    (status.conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True")
  );
}
