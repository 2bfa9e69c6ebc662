import { UsageError } from "./errors.ts";
import type { Scenario } from "./scenario.ts";

/** What the settings allow beyond the defaults; a pattern may hold `*`. */
export interface Allowance {
  /** Absent: contexts whose name looks like that of a test cluster. */
  readonly contexts?: readonly string[];
  /** Absent: every namespace but the cluster's own. */
  readonly namespaces?: readonly string[];
}

/** A whole word of a context's name that says that it is for tests: `eks-dev-1`, not `devotion`. */
const TEST_WORDS = new Set(
  "test tests testing ci e2e dev devel development local sandbox minikube kind k3d docker rancher orbstack lastcall embedded".split(
    " ",
  ),
);

/** A word that makes any name look like one that people depend on. */
const LIVE_WORDS = new Set("prod production live prd".split(" "));

/** `kind-ci`, `k3d-a`, `docker-desktop`, `staging-test` look like test clusters; `prod-test` does not. */
export function looksLikeTests(context: string): boolean {
  const words = context.toLowerCase().split(/[^a-z0-9]+|(?<=[a-z])(?=\d+(?:$|[^a-z0-9]))/);
  return words.some((word) => TEST_WORDS.has(word)) && !words.some((word) => LIVE_WORDS.has(word));
}

/** Nobody's tests live where the cluster itself does; no setting allows these. */
export function isClustersOwn(namespace: string): boolean {
  return namespace.startsWith("kube-");
}

/** Whether the settings let a run work on this context. */
export function isContextAllowed(context: string, { contexts = [] }: Allowance): boolean {
  return looksLikeTests(context) || contexts.some((pattern) => matches(pattern, context));
}

/** Whether the settings let a run work in this namespace. */
export function isNamespaceAllowed(namespace: string, { namespaces }: Allowance): boolean {
  if (isClustersOwn(namespace)) return false;
  return namespaces === undefined || namespaces.some((pattern) => matches(pattern, namespace));
}

/** Where a run wants to work. */
export interface Target {
  /** As the command line has it: `embedded`, `kind`, `context:ci`, `in-cluster`. */
  readonly cluster: string;
  readonly namespaces: readonly string[];
}

/** Where a run of this scenario will work. */
export function targetOf({
  cluster,
  scenario,
}: {
  readonly cluster: string;
  readonly scenario: Pick<Scenario, "objects" | "workload">;
}): Target {
  const namespaces = scenario.objects.flatMap(({ metadata }) => metadata.namespace ?? []);
  return { cluster, namespaces: [...new Set([scenario.workload.namespace, ...namespaces])] };
}

/** Throws, before anything is touched, with the line that would allow it. */
export function requireAllowed({ cluster, namespaces }: Target, allow: Allowance): void {
  // Clusters that the tool makes itself are there for tests.
  const own = /^(?:embedded$|kind(?:$|:))/.test(cluster);
  const context = cluster.replace(/^context:/, "");
  if (!own && !isContextAllowed(context, allow)) throw contextRefused(context, allow);
  for (const namespace of namespaces) {
    if (!isNamespaceAllowed(namespace, allow)) throw namespaceRefused(namespace, allow);
  }
}

function contextRefused(context: string, { contexts = [] }: Allowance): UsageError {
  const all = [...contexts, context].map(quote).join(", ");
  return new UsageError(
    "CONTEXT_NOT_ALLOWED",
    `Nothing is done to the context ${context}: neither its name nor lastcall.yaml says that it is there for tests.`,
    { hint: `If it may be disturbed, lastcall.yaml needs:\nallow: { contexts: [${all}] }` },
  );
}

function namespaceRefused(namespace: string, { namespaces = [] }: Allowance): UsageError {
  if (isClustersOwn(namespace)) {
    return new UsageError(
      "NAMESPACE_NOT_ALLOWED",
      `Nothing is done in the namespace ${namespace}: it belongs to the cluster itself.`,
      { hint: "Put the workload into a namespace of its own; no setting allows this one." },
    );
  }
  const all = [...namespaces, namespace].map(quote).join(", ");
  return new UsageError(
    "NAMESPACE_NOT_ALLOWED",
    `Nothing is done in the namespace ${namespace}: lastcall.yaml allows only ${namespaces.join(", ")}.`,
    { hint: `If it may be disturbed, lastcall.yaml needs:\nallow: { namespaces: [${all}] }` },
  );
}

/** As YAML wants it in a list: what is not plain stands in quotes. */
function quote(name: string): string {
  return /^[\w./-]+$/.test(name) ? name : JSON.stringify(name);
}

function matches(pattern: string, name: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(name);
}
