import { type ExactQuantity, parseExactQuantity, ZERO } from "#embedded/api/exact-quantity.ts";
import type { KubeObject, Pod, Service } from "#embedded/api/objects.ts";
import { type Amounts, podUsage, sum } from "./pod-usage.ts";
import { isInScope, scopesOf } from "./quota-scope.ts";
import { collectionCharged, type ResourceQuota } from "./resource-quota.ts";

/** The names in a quota that objects of this collection are charged for. */
export function namesCharged({ spec }: ResourceQuota, collection: string): readonly string[] {
  return Object.keys(spec?.hard ?? {}).filter((name) => collectionCharged(name) === collection);
}

/** Whether a quota counts this object at all; one with scopes counts pods only. */
export function counts(quota: ResourceQuota, collection: string, object: KubeObject): boolean {
  if (namesCharged(quota, collection).length === 0) return false;
  const scopes = scopesOf(quota);
  if (collection !== "/pods") return scopes.length === 0;
  return scopes.every((scope) => isInScope(scope, object as Pod));
}

/** What the objects of a collection have used up of what a quota limits, by each name that it charges them for. */
export function usageOf(
  quota: ResourceQuota,
  collection: string,
  { objects, nowMs }: { readonly objects: readonly KubeObject[]; readonly nowMs: number },
): Amounts {
  let total: Amounts = new Map();
  for (const object of objects) {
    if (counts(quota, collection, object)) total = sum(total, usage(collection, object, nowMs));
  }
  return new Map(
    namesCharged(quota, collection).map((name) => [name, total.get(name) ?? ZERO] as const),
  );
}

const ONE = whole(1);

function usage(collection: string, object: KubeObject, nowMs: number): Amounts {
  if (collection === "/pods") return podUsage(object as Pod, nowMs);
  const [group, plural = ""] = collection.split("/");
  const counted = new Map<string, ExactQuantity>([
    [group === "" ? `count/${plural}` : `count/${plural}.${group}`, ONE],
    [plural, ONE],
  ]);
  if (collection === "/services") return sum(counted, serviceUsage(object as Service));
  if (collection === "/persistentvolumeclaims") return sum(counted, claimUsage(object as Claim));
  return counted;
}

function serviceUsage({ spec }: Service): Amounts {
  const { type, ports = [] } = spec;
  const given = spec["allocateLoadBalancerNodePorts"] === false;
  const nodePorts = given ? ports.filter(({ nodePort = 0 }) => nodePort !== 0) : ports;
  if (type === "NodePort") return new Map([["services.nodeports", whole(ports.length)]]);
  if (type !== "LoadBalancer") return new Map();
  return new Map([
    ["services.nodeports", whole(nodePorts.length)],
    ["services.loadbalancers", ONE],
  ]);
}

interface Claim extends KubeObject {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
}

function claimUsage({ metadata, spec }: Claim): Amounts {
  const storage = parseExactQuantity(String(spec?.resources?.requests?.["storage"] ?? "0")) ?? ZERO;
  const usage = new Map([["requests.storage", storage]]);
  // The annotation is from before the field, and still comes first.
  const name =
    metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec?.storageClassName;
  if (name !== undefined && name !== "") {
    const ofClass = `${name}.storageclass.storage.k8s.io`;
    usage.set(`${ofClass}/requests.storage`, storage);
    usage.set(`${ofClass}/persistentvolumeclaims`, ONE);
  }
  return usage;
}

function whole(count: number): ExactQuantity {
  return { nanos: BigInt(count) * 1_000_000_000n, binary: false };
}
