import type { KubernetesObject } from "#domain/workload.ts";
import { portsOf, selects } from "#scenario/pod-template.ts";
import { draftFeature } from "./draft-feature.ts";

/** A first scenario of a workload that was found running, as the texts of its files by their paths. */
export interface ScenarioDraft {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Why no scenario was drafted of a workload. */
export interface NoDraft {
  readonly name: string;
  readonly because: string;
}

/**
 * Drafts a scenario and a feature of each Deployment, StatefulSet and DaemonSet that a Service selects, found in the
 * cluster of this context.
 */
export function draftScenarios(
  objects: readonly KubernetesObject[],
  context: string,
): {
  readonly drafts: readonly ScenarioDraft[];
  readonly without: readonly NoDraft[];
} {
  const services = objects.filter(({ kind }) => kind === "Service");
  const workloads = objects.filter(({ kind }) => kind !== "Service");
  const drafts: ScenarioDraft[] = [];
  const without: NoDraft[] = [];
  for (const workload of workloads) {
    const { name } = workload.metadata;
    const service = services.find((each) => hasSelector(each) && selects(each, workload));
    if (service === undefined) {
      without.push({ name, because: "no Service of the namespace selects its pods" });
    } else if (portsOf(service).length === 0) {
      without.push({ name, because: `its Service ${service.metadata.name} has no ports` });
    } else drafts.push(draftOf(workload, service, context));
  }
  return { drafts, without };
}

/** A Service without selector would select everything. */
function hasSelector(service: KubernetesObject): boolean {
  const { selector } = (service["spec"] ?? {}) as { readonly selector?: object };
  return Object.keys(selector ?? {}).length > 0;
}

function draftOf(
  workload: KubernetesObject,
  service: KubernetesObject,
  context: string,
): ScenarioDraft {
  const { name } = workload.metadata;
  return {
    name,
    files: {
      [`scenarios/${name}/scenario.yaml`]: scenarioText(workload, service),
      [`features/${name}.feature`]: draftFeature(workload, context),
    },
  };
}

function scenarioText(workload: KubernetesObject, service: KubernetesObject): string {
  const { kind, metadata } = workload;
  const probe = probePath(workload);
  const path =
    probe === undefined
      ? "path: / # what do your clients ask for?"
      : `path: ${JSON.stringify(probe.path)} # the ${probe.kind} probe's; put here what your clients ask for`;
  return `# Drafted from ${kind} ${metadata.namespace}/${metadata.name}. docs/scenario.md explains every key.
name: ${metadata.name}
namespace: ${metadata.namespace}
manifests: [] # it is there already: nothing is applied, and it is left as it was found
workload: ${kind}/${metadata.name}
service: ${service.metadata.name}:${portsOf(service)[0]}

load:
  - name: kept # clients that keep their connections
    type: reused
    rate: 100/s
    ${path}

  - name: visit # a new connection for each request
    type: fresh
    rate: 100/s
    ${path}

  # A request that takes longer than preStop meets SIGTERM; without one, draining is hardly put to the test.
  # - name: wait
  #   type: fresh
  #   rate: 5/s
  #   path: /something-slow
  #   takes: 4s
`;
}

/**
 * Known to answer, unlike `/`. The liveness probe's comes first: many a server says at the readiness probe's that it
 * is draining, and to whoever asks that, a pod that leaves in order would look like one that fails.
 */
function probePath(workload: KubernetesObject) {
  const { containers } = (workload["spec"] as PodTemplateOwner).template.spec; // the API server served it
  for (const kind of ["liveness", "readiness"] as const) {
    const paths = containers.map((container) => container[`${kind}Probe`]?.httpGet?.path);
    const path = paths.find((each) => each !== undefined);
    if (path !== undefined) return { kind, path };
  }
  return undefined;
}

interface HttpProbe {
  readonly httpGet?: { readonly path?: string };
}

interface PodTemplateOwner {
  readonly template: {
    readonly spec: {
      readonly containers: readonly {
        readonly livenessProbe?: HttpProbe;
        readonly readinessProbe?: HttpProbe;
      }[];
    };
  };
}
