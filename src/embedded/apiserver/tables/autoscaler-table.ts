import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { objectsIn } from "#embedded/apiserver/json/fill-in.ts";
import { ageOf } from "./age.ts";
import { columns, type TablePrinter } from "./table.ts";

/** Autoscalers of either version; nothing measures here, so what they go by is unknown. */
export const AUTOSCALER_TABLE: TablePrinter = {
  columns: columns("Name", "Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age"),
  cells: (object, nowMs) => {
    const spec = partOf(object.spec);
    const { kind, name } = partOf(spec["scaleTargetRef"]);
    return [
      object.metadata.name,
      `${kind}/${name}`,
      targetsOf(object),
      String(spec["minReplicas"] ?? "<unset>"),
      spec["maxReplicas"],
      partOf(object.status)["currentReplicas"] ?? 0,
      ageOf(object.metadata.creationTimestamp, nowMs),
    ];
  },
};

function targetsOf({ spec }: KubeObject): string {
  const share = partOf(spec)["targetCPUUtilizationPercentage"];
  if (share !== undefined) return `cpu: <unknown>/${share}%`;
  const metrics = objectsIn(partOf(spec), "metrics").map((metric) => {
    const { name, target } = partOf(metric["resource"]);
    const { averageUtilization, averageValue } = partOf(target);
    const wanted = averageUtilization === undefined ? averageValue : `${averageUtilization}%`;
    return name === undefined ? "<unknown>" : `${name}: <unknown>/${wanted}`;
  });
  return metrics.length === 0 ? "<none>" : metrics.join(", ");
}

function partOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
