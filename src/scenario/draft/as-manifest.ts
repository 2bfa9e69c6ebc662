import type { KubernetesObject } from "#domain/workload.ts";

/** Annotations that tools keep for themselves, and that would be stale in a manifest. */
const KEPT_BY_TOOLS =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/|deprecated\.daemonset\.template\.generation)/;

/** What the API server gave a Service, and what another Service could not be given. */
const OF_THIS_SERVICE = [
  "clusterIP",
  "clusterIPs",
  "healthCheckNodePort",
  "ipFamilies",
  "ipFamilyPolicy",
];

/** An object of a cluster as somebody would write it: without what the cluster itself keeps in it. */
export function asManifest({
  apiVersion,
  kind,
  metadata,
  spec,
}: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations = {} } = metadata;
  const own = Object.entries(annotations).filter(([key]) => !KEPT_BY_TOOLS.test(key));
  const fields = (spec ?? {}) as Readonly<Record<string, unknown>>; // its own YAML
  const wanted =
    kind === "Service"
      ? Object.fromEntries(Object.entries(fields).filter(([key]) => !OF_THIS_SERVICE.includes(key)))
      : fields;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels !== undefined && { labels }),
      ...(own.length > 0 && { annotations: Object.fromEntries(own) }),
    },
    spec: wanted,
  };
}
