/** Where the collections lie that a trace holds; those of a namespace below its path. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "/api/v1": ["pods", "services", "endpoints", "events", "nodes", "persistentvolumeclaims"],
  "/apis/apps/v1": ["replicasets", "deployments", "statefulsets", "daemonsets"],
  "/apis/batch/v1": ["jobs", "cronjobs"],
  "/apis/policy/v1": ["poddisruptionbudgets"],
  "/apis/discovery.k8s.io/v1": ["endpointslices"],
};

/** What a replay holds always; of the others those that the golden trace holds. */
const ALWAYS = [
  "pods",
  "services",
  "endpoints",
  "events",
  "replicasets",
  "deployments",
  "statefulsets",
  "daemonsets",
  "jobs",
  "poddisruptionbudgets",
  "endpointslices",
];

/** Of a case without a trace, which has to be recorded: whatever its namespace may hold, and nodes if it is about them. */
export function resourcesOfNewCase(name: string): ReadonlySet<string> {
  const all = Object.values(GROUPS).flat();
  return new Set(all.filter((resource) => resource !== "nodes" || name.startsWith("node-")));
}

export interface RecordedResource {
  readonly resource: string;
  readonly path: string;
}

/** The collections to record, so that everything in a golden trace has a counterpart. */
export function recordedResources(
  golden: ReadonlySet<string>,
  namespace: string,
): readonly RecordedResource[] {
  return [...new Set([...ALWAYS, ...golden])].map((resource) => {
    const group = Object.entries(GROUPS).find(([, resources]) => resources.includes(resource));
    if (group === undefined) {
      throw new Error(
        `A golden trace holds ${resource}, and where their API lies is not known here.`,
      );
    }
    const place = resource === "nodes" ? "" : `/namespaces/${namespace}`;
    return { resource, path: `${group[0]}${place}/${resource}` };
  });
}
