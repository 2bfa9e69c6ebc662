import type {
  Condition,
  Deployment,
  Node,
  ObjectMeta,
  Pod,
  ReplicaSet,
} from "#embedded/api/objects.ts";

/** A fixed instant for tests: whole seconds, as Kubernetes' timestamps are. */
export const NOW_MS = Date.parse("2026-11-24T12:00:00Z");

/** A timestamp so many seconds before that instant. */
export function secondsAgo(seconds: number): string {
  return new Date(NOW_MS - seconds * 1000).toISOString().replace(".000Z", "Z");
}

export function aMeta(name: string, over: Partial<ObjectMeta> = {}): ObjectMeta {
  return {
    name,
    namespace: "ns",
    uid: `uid-${name}`,
    resourceVersion: "1",
    generation: 1,
    creationTimestamp: secondsAgo(3600),
    ...over,
  };
}

interface PodFacts {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: Partial<Pod["spec"]>;
  readonly status?: Partial<Pod["status"]>;
  readonly ready?: boolean;
  readonly readySince?: string;
}

/** Running and Ready on node-1 unless told otherwise. */
export function aPod(name: string, facts: PodFacts = {}): Pod {
  const ready: Condition = {
    type: "Ready",
    status: facts.ready === false ? "False" : "True",
    lastTransitionTime: facts.readySince ?? secondsAgo(600),
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: aMeta(name, { labels: { app: "web" }, ...facts.metadata }),
    spec: { containers: [{ name: "app", image: "app" }], nodeName: "node-1", ...facts.spec },
    status: { phase: "Running", podIP: "127.1.0.1", conditions: [ready], ...facts.status },
  };
}

export function aNode(name: string, over: Partial<Pick<Node, "spec" | "status">> = {}): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { ...aMeta(name), labels: { "kubernetes.io/hostname": name } },
    spec: {},
    status: { conditions: [{ type: "Ready", status: "True" }] },
    ...over,
  };
}

export function aDeployment(over: Partial<Deployment["spec"]> = {}): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: aMeta("web"),
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [] } },
      progressDeadlineSeconds: 600,
      ...over,
    },
    status: {},
  };
}

interface ReplicaSetFacts {
  readonly replicas: number;
  /** As many as replicas unless told otherwise. */
  readonly available?: number;
  readonly annotations?: Record<string, string>;
  readonly age?: number;
}

export function aReplicaSet(name: string, facts: ReplicaSetFacts): ReplicaSet {
  const { replicas, available = replicas, annotations = {}, age = 60 } = facts;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: aMeta(name, { annotations, creationTimestamp: secondsAgo(age) }),
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web", version: name } }, spec: { containers: [] } },
    },
    status: { replicas, readyReplicas: available, availableReplicas: available },
  };
}
