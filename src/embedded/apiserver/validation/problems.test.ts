import { describe, expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import { budgetProblems } from "./budget-problems.ts";
import { cronJobProblems, jobProblems, jobStatusProblems } from "./job-problems.ts";
import { metadataProblems } from "./metadata-problems.ts";
import { podProblems, podUpdateProblems } from "./pod-problems.ts";
import type { Problem } from "./problem.ts";
import { serviceProblems, serviceUpdateProblems } from "./service-problems.ts";
import {
  deploymentProblems,
  statefulSetUpdateProblems,
  workloadUpdateProblems,
} from "./workload-problems.ts";

const sentences = (problems: readonly Problem[]) =>
  problems.map(({ field, message }) => `${field}: ${message}`);

function anObject(kind: string, spec: object, metadata: object = {}): KubeObject {
  const given = { name: "x", uid: "u", resourceVersion: "1", creationTimestamp: "", ...metadata };
  return { apiVersion: "v1", kind, metadata: given, spec };
}

const pod = (spec: object) => anObject("Pod", { containers: [{ name: "a", image: "a" }], ...spec });
const container = (fields: object) =>
  podProblems(pod({ containers: [{ name: "a", image: "a", ...fields }] }));

describe("a pod", () => {
  it("is valid with one container that has a name and an image", () => {
    expect(podProblems(pod({}))).toEqual([]);
  });

  it("needs containers, and names that differ", () => {
    expect(sentences(podProblems(pod({ containers: [] })))).toEqual([
      "spec.containers: Required value",
    ]);
    const same = { name: "a", image: "a" };
    expect(sentences(podProblems(pod({ containers: [same, same] })))).toEqual([
      'spec.containers[1].name: Duplicate value: "a"',
    ]);
  });

  it("cannot sleep before its stop for longer than its grace period", () => {
    const containers = [
      { name: "a", image: "a", lifecycle: { preStop: { sleep: { seconds: 6 } } } },
    ];
    const problems = podProblems(pod({ containers, terminationGracePeriodSeconds: 5 }));
    expect(sentences(problems)).toEqual([
      "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 6: must be non-negative and less than terminationGracePeriodSeconds (5)",
    ]);
    expect(podProblems(pod({ containers, terminationGracePeriodSeconds: 6 }))).toEqual([]);
  });

  it.each([
    [{ name: "A" }, "spec.containers[0].name: Invalid value:"],
    [{ image: "" }, "spec.containers[0].image: Required value"],
    [{ ports: [{ containerPort: 0 }] }, "must be between 1 and 65535, inclusive"],
    [
      { ports: [{ containerPort: 80, protocol: "HTTP" }] },
      'supported values: "SCTP", "TCP", "UDP"',
    ],
    [{ volumeMounts: [{ name: "v", mountPath: "/v" }] }, 'volumeMounts[0].name: Not found: "v"'],
    [{ env: [{ name: "" }] }, "spec.containers[0].env[0].name: Required value"],
    [{ livenessProbe: {} }, "livenessProbe: Required value: must specify a handler type"],
    [
      { livenessProbe: { exec: { command: ["a"] }, successThreshold: 2 } },
      "successThreshold: Invalid value: 2: must be 1",
    ],
    [
      { readinessProbe: { exec: { command: ["a"] }, terminationGracePeriodSeconds: 1 } },
      "must not be set for readinessProbes",
    ],
    [
      { lifecycle: { preStop: { exec: { command: ["a"] }, sleep: { seconds: 1 } } } },
      "preStop.sleep: Forbidden: may not specify more than 1 handler type",
    ],
    [
      { resources: { requests: { cpu: "2" }, limits: { cpu: "1500m" } } },
      'resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1500m',
    ],
    [{ imagePullPolicy: "Maybe" }, 'Unsupported value: "Maybe"'],
  ])("is refused for %j", (fields, sentence) => {
    const problems = sentences(container(fields));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(sentence);
  });

  it("has no hooks and probes on an init container, unless that is a sidecar", () => {
    const init = { name: "i", image: "i", lifecycle: { preStop: { sleep: { seconds: 1 } } } };
    expect(sentences(podProblems(pod({ initContainers: [init] })))).toEqual([
      "spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always",
    ]);
    const sidecar = { ...init, restartPolicy: "Always" };
    expect(podProblems(pod({ initContainers: [sidecar] }))).toEqual([]);
  });

  it("keeps its spec, but for images and tolerations", () => {
    const old = pod({});
    const image = pod({ containers: [{ name: "a", image: "b" }], tolerations: [{ key: "x" }] });
    expect(podUpdateProblems(image, old)).toEqual([]);
    const grace = pod({ terminationGracePeriodSeconds: 7 });
    expect(sentences(podUpdateProblems(grace, old))[0]).toContain(
      "spec: Forbidden: pod updates may not change fields other than",
    );
  });
});

describe("a workload", () => {
  const template = { metadata: { labels: { a: "b" } }, spec: pod({}).spec };
  const deployment = (spec: object) =>
    anObject("Deployment", { selector: { matchLabels: { a: "b" } }, template, ...spec });

  it("selects the pods of its own template", () => {
    expect(deploymentProblems(deployment({}))).toEqual([]);
    const selector = { matchLabels: { a: "c" } };
    expect(sentences(deploymentProblems(deployment({ selector })))).toEqual([
      'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
    ]);
    expect(sentences(deploymentProblems(deployment({ selector: undefined })))).toEqual([
      "spec.selector: Required value",
    ]);
  });

  it("can roll: it may not forbid both to add and to remove", () => {
    const rollingUpdate = { maxSurge: 0, maxUnavailable: "0%" };
    const strategy = { type: "RollingUpdate", rollingUpdate };
    expect(sentences(deploymentProblems(deployment({ strategy })))).toEqual([
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
    ]);
    const recreate = { type: "Recreate", rollingUpdate };
    expect(sentences(deploymentProblems(deployment({ strategy: recreate })))).toEqual([
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ]);
  });

  it("has no negative replicas, and pods that start again", () => {
    expect(sentences(deploymentProblems(deployment({ replicas: -1 })))).toEqual([
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
    ]);
    const once = { ...template, spec: pod({ restartPolicy: "Never" }).spec };
    expect(sentences(deploymentProblems(deployment({ template: once })))).toEqual([
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ]);
  });

  it("keeps its selector, and a StatefulSet its claims", () => {
    const changed = deployment({ selector: { matchLabels: { a: "b", c: "d" } } });
    expect(sentences(workloadUpdateProblems(changed, deployment({})))[0]).toContain(
      "field is immutable",
    );
    const claims = deployment({ volumeClaimTemplates: [{}] });
    expect(sentences(statefulSetUpdateProblems(claims, deployment({})))[0]).toContain(
      "updates to statefulset spec for fields other than",
    );
    const scaled = deployment({ replicas: 9 });
    expect(statefulSetUpdateProblems(scaled, deployment({}))).toEqual([]);
  });

  it("finds a time zone that nobody lives in", () => {
    const cronJob = (timeZone: string) =>
      sentences(cronJobProblems({ spec: { schedule: "* * * * *", timeZone } } as never));
    const sentence = 'spec.timeZone: Invalid value: "Nowhere": unknown time zone Nowhere';
    expect(cronJob("Nowhere")).toContain(sentence);
    expect(cronJob("Europe/Berlin").join()).not.toContain("timeZone");
  });

  it("that runs to completion needs a pod that does", () => {
    const job = anObject("Job", { template: { ...template, spec: pod({}).spec } });
    expect(sentences(jobProblems(job))).toEqual([
      'spec.template.spec.restartPolicy: Unsupported value: "Always": supported values: "OnFailure", "Never"',
    ]);
  });
});

describe("a job's status", () => {
  const job = (ready: number, active: number) => ({
    ...anObject("Job", {}),
    status: { ready, active },
  });

  it("has no more pods ready than active, once one of the numbers changes", () => {
    expect(jobStatusProblems(job(1, 1), job(0, 1))).toEqual([]);
    expect(jobStatusProblems(job(1, 0), job(1, 0))).toEqual([]);
    expect(sentences(jobStatusProblems(job(1, 0), job(1, 1)))).toEqual([
      "status.ready: Invalid value: 1: cannot set more ready pods than active",
    ]);
  });
});

describe("a service", () => {
  const service = (spec: object) => anObject("Service", { ports: [{ port: 80 }], ...spec });

  it("needs ports, with names when there are several", () => {
    expect(serviceProblems(service({}))).toEqual([]);
    expect(sentences(serviceProblems(service({ ports: [] })))).toEqual([
      "spec.ports: Required value",
    ]);
    expect(serviceProblems(service({ ports: [], clusterIP: "None" }))).toEqual([]);
    expect(
      sentences(serviceProblems(service({ ports: [{ port: 80 }, { port: 0, name: "b" }] }))),
    ).toEqual([
      "spec.ports[0].name: Required value",
      "spec.ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive",
    ]);
  });

  it("has node ports only if its type does, and keeps its address", () => {
    const ports = [{ port: 80, nodePort: 30_000 }];
    expect(sentences(serviceProblems(service({ type: "ClusterIP", ports })))).toEqual([
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ]);
    const moved = service({ clusterIP: "127.0.0.2" });
    expect(sentences(serviceUpdateProblems(moved, service({ clusterIP: "127.0.0.1" })))).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["127.0.0.2"]: may not change once set',
    ]);
  });
});

describe("a disruption budget", () => {
  const budget = (spec: object) => sentences(budgetProblems(anObject("PodDisruptionBudget", spec)));

  it("says what must stay or what may go, in numbers or per cent", () => {
    expect(budget({ minAvailable: "50%" })).toEqual([]);
    expect(budget({ minAvailable: 1, maxUnavailable: 1 })[0]).toContain(
      "minAvailable and maxUnavailable cannot be both set",
    );
    expect(budget({ minAvailable: "half" })[0]).toContain("a valid percent string must be");
    expect(budget({ maxUnavailable: "101%" })[0]).toContain("must not be greater than 100%");
    expect(budget({ maxUnavailable: -1 })[0]).toContain("must be greater than or equal to 0");
  });
});

describe("metadata", () => {
  const problems = (metadata: object, plural = "pods") =>
    sentences(metadataProblems(anObject("Pod", {}, metadata), { plural }));

  it("has a name that its resource allows", () => {
    expect(problems({ name: "a.b-c" })).toEqual([]);
    expect(problems({ name: "A" })[0]).toContain("a lowercase RFC 1123 subdomain must consist of");
    expect(problems({ name: "a.b" }, "namespaces")[0]).toContain("a lowercase RFC 1123 label");
    expect(problems({ name: "1a" }, "services")[0]).toContain("a DNS-1035 label");
    expect(problems({ name: "system:a" }, "roles")).toEqual([]);
    expect(problems({ name: "a".repeat(254) })[0]).toContain("must be no more than 253 bytes");
  });

  it("has labels, annotations and owners that are well formed", () => {
    expect(problems({ labels: { "example.com/a": "b", c: "" } })).toEqual([]);
    expect(problems({ labels: { a: "not well" } })[0]).toContain("a valid label must be");
    expect(problems({ labels: { "a b": "c" } })[0]).toContain("name part must consist of");
    expect(problems({ annotations: { "a b": "c d" } })[0]).toContain("metadata.annotations");
    expect(problems({ ownerReferences: [{ apiVersion: "v1", kind: "A", name: "a" }] })).toEqual([
      "metadata.ownerReferences[0].uid: Required value: must not be empty",
    ]);
  });
});
