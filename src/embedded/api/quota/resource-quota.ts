import type { KubeObject } from "#embedded/api/objects.ts";

/** What may be used in one namespace, and of what kind of object. */
export interface ResourceQuota extends KubeObject {
  readonly spec?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly scopes?: readonly string[];
    readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] };
  };
  status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

/** One condition on the pods that a quota counts. */
export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator?: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

const CLAIMS = "/persistentvolumeclaims";
const COUNTED = ["configmaps", "replicationcontrollers", "resourcequotas", "secrets"];
const OF_SERVICES = ["services", "services.loadbalancers", "services.nodeports"];
const OF_PODS = /^(pods|cpu|memory|ephemeral-storage|hugepages-.+|(requests|limits)\..+)$/;

/** The collection whose objects use up what a quota calls by this name: `/pods` for `requests.cpu`. */
export function collectionCharged(name: string): string | undefined {
  if (name.startsWith("count/")) {
    const [plural = "", ...group] = name.slice("count/".length).split(".");
    return `${group.join(".")}/${plural}`;
  }
  if (COUNTED.includes(name)) return `/${name}`;
  if (OF_SERVICES.includes(name)) return "/services";
  if (name === "persistentvolumeclaims" || name === "requests.storage") return CLAIMS;
  if (name.includes(".storageclass.storage.k8s.io/")) return CLAIMS;
  return OF_PODS.test(name) ? "/pods" : undefined;
}
