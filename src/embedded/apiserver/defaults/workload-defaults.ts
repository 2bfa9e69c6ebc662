import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { fillIn, objectAt, objectsIn } from "#embedded/apiserver/json/fill-in.ts";
import { setPodSpecDefaults } from "./pod-spec-defaults.ts";

/** Deployment: 25 % more and 25 % less while it rolls, ten old revisions, ten minutes to progress. */
export function setDeploymentDefaults(draft: KubeObject): void {
  const spec = specOf(draft);
  fillIn(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = objectAt(spec, "strategy");
  fillIn(strategy, { type: "RollingUpdate" });
  if (strategy["type"] === "RollingUpdate") {
    fillIn(objectAt(strategy, "rollingUpdate"), { maxUnavailable: "25%", maxSurge: "25%" });
  }
  setTemplateDefaults(spec);
}

/** ReplicaSet: one replica. */
export function setReplicaSetDefaults(draft: KubeObject): void {
  const spec = specOf(draft);
  fillIn(spec, { replicas: 1 });
  setTemplateDefaults(spec);
}

/** ReplicationController: like a ReplicaSet, and its selector defaults to the template's labels. */
export function setReplicationControllerDefaults(draft: KubeObject): void {
  setReplicaSetDefaults(draft);
  const spec = specOf(draft);
  const labels = templateLabels(spec);
  if (labels !== undefined) fillIn(spec, { selector: labels });
  if (labels !== undefined && draft.metadata.labels === undefined) {
    draft.metadata.labels = { ...labels };
  }
}

/** StatefulSet: one pod after the other, and claims that outlive their pods. */
export function setStatefulSetDefaults(draft: KubeObject): void {
  const spec = specOf(draft);
  fillIn(spec, { replicas: 1, podManagementPolicy: "OrderedReady", revisionHistoryLimit: 10 });
  const strategy = objectAt(spec, "updateStrategy");
  fillIn(strategy, { type: "RollingUpdate" });
  if (strategy["type"] === "RollingUpdate") {
    fillIn(objectAt(strategy, "rollingUpdate"), { partition: 0 });
  }
  const retention = objectAt(spec, "persistentVolumeClaimRetentionPolicy");
  fillIn(retention, { whenDeleted: "Retain", whenScaled: "Retain" });
  for (const claim of objectsIn(spec, "volumeClaimTemplates")) setClaimTemplateDefaults(claim);
  setTemplateDefaults(spec);
}

/** DaemonSet: one node at a time. */
export function setDaemonSetDefaults(draft: KubeObject): void {
  const spec = specOf(draft);
  fillIn(spec, { revisionHistoryLimit: 10 });
  const strategy = objectAt(spec, "updateStrategy");
  fillIn(strategy, { type: "RollingUpdate" });
  if (strategy["type"] === "RollingUpdate") {
    fillIn(objectAt(strategy, "rollingUpdate"), { maxUnavailable: 1, maxSurge: 0 });
  }
  setTemplateDefaults(spec);
}

/** Job: one pod, six retries. */
export function setJobDefaults(draft: KubeObject): void {
  setJobSpecDefaults(specOf(draft));
}

/** CronJob: the Job it starts is completed too, so that a reader sees what will run. */
export function setCronJobDefaults(draft: KubeObject): void {
  const spec = specOf(draft);
  fillIn(spec, {
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const template = spec["jobTemplate"];
  if (!isObject(template)) return;
  fillIn(template, { metadata: {} });
  setTemplateDefaults(objectAt(template, "spec"));
}

/** The pod template of any workload. */
export function setTemplateDefaults(spec: JsonObject): void {
  const template = spec["template"];
  if (!isObject(template)) return;
  const metadata = objectAt(template, "metadata");
  delete metadata["creationTimestamp"];
  if (isObject(template["spec"])) setPodSpecDefaults(template["spec"]);
}

/** The labels that the pods of a workload get; undefined when its template has none. */
function templateLabels(spec: JsonObject): Record<string, string> | undefined {
  const template = spec["template"];
  const metadata = isObject(template) ? template["metadata"] : undefined;
  const labels = isObject(metadata) ? metadata["labels"] : undefined;
  return isObject(labels) ? (labels as Record<string, string>) : undefined;
}

/** The spec, created when a client sent none: validation then says what it lacks. */
export function specOf(draft: KubeObject): JsonObject {
  return objectAt(draft, "spec");
}

/** A claim template is a whole claim, with the status of one that has just been made. */
function setClaimTemplateDefaults(claim: JsonObject): void {
  fillIn(claim, { apiVersion: "v1", kind: "PersistentVolumeClaim", status: { phase: "Pending" } });
  delete objectAt(claim, "metadata")["creationTimestamp"];
  fillIn(objectAt(claim, "spec"), { volumeMode: "Filesystem" });
}

function setJobSpecDefaults(spec: JsonObject): void {
  // With neither given it is a single pod; with only parallelism, a work queue of open length.
  if (spec["completions"] === undefined && spec["parallelism"] === undefined) {
    spec["completions"] = 1;
  }
  fillIn(spec, {
    parallelism: 1,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: spec["podFailurePolicy"] === undefined ? "TerminatingOrFailed" : "Failed",
    manualSelector: false,
    backoffLimit: spec["backoffLimitPerIndex"] === undefined ? 6 : 2147483647,
  });
  setTemplateDefaults(spec);
}
