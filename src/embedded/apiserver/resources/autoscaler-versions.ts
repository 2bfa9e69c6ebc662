import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { objectsIn } from "#embedded/apiserver/json/fill-in.ts";

/** The older form of an autoscaler, which knows one metric: a share of the CPU that its pods request. */
export function autoscalerToV1(object: KubeObject): KubeObject {
  const { metrics, ...spec } = partOf(object.spec);
  const [share] = objectsIn({ metrics }, "metrics").flatMap(cpuShareOf);
  return {
    ...object,
    apiVersion: "autoscaling/v1",
    spec: { ...spec, ...(share === undefined ? {} : { targetCPUUtilizationPercentage: share }) },
  };
}

/** The form that is stored. */
export function autoscalerToV2(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: share, ...spec } = partOf(object.spec);
  const resource = { name: "cpu", target: { type: "Utilization", averageUtilization: share } };
  const metrics = share === undefined ? {} : { metrics: [{ type: "Resource", resource }] };
  return { ...object, apiVersion: "autoscaling/v2", spec: { ...spec, ...metrics } };
}

function cpuShareOf(metric: JsonObject): readonly unknown[] {
  const { name, target } = partOf(metric["resource"]);
  const share = partOf(target)["averageUtilization"];
  return name === "cpu" && share !== undefined ? [share] : [];
}

function partOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
