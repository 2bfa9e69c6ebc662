import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { ageOf } from "./age.ts";
import { columns, type TablePrinter } from "./table.ts";

/** The table of `kubectl get events`. */
export const EVENT_TABLE: TablePrinter = {
  columns: columns(
    ...["Last Seen", "Type", "Reason", "Object", "Subobject*", "Source*", "Message"],
    ...["First Seen*", "Count#*", "Name*"],
  ),
  cells: (event, nowMs) => {
    const involved = objectAt(event, "involvedObject");
    const source = objectAt(event, "source");
    const kind = String(involved["kind"] ?? "").toLowerCase();
    const component = String(source["component"] ?? event["reportingComponent"] ?? "");
    const host = String(source["host"] ?? event["reportingInstance"] ?? "");
    return [
      lastSeen(event, nowMs),
      event["type"],
      event["reason"],
      `${kind}/${involved["name"]}`,
      involved["fieldPath"] ?? "",
      host === "" ? component : `${component}, ${host}`,
      String(event["message"] ?? "").trim(),
      ageOf(timeAt(event, "firstTimestamp") ?? timeAt(event, "eventTime"), nowMs),
      Number(objectAt(event, "series")["count"] ?? event["count"] ?? 1),
      event.metadata.name,
    ];
  },
};

function lastSeen(event: KubeObject, nowMs: number): string {
  const series = objectAt(event, "series");
  const observed = series["lastObservedTime"];
  if (typeof observed === "string") {
    const since = ageOf(timeAt(event, "eventTime"), nowMs);
    return `${ageOf(observed, nowMs)} (x${series["count"]} over ${since})`;
  }
  const count = Number(event["count"] ?? 1);
  const first = timeAt(event, "firstTimestamp") ?? timeAt(event, "eventTime");
  const last = timeAt(event, "lastTimestamp") ?? first;
  return count > 1
    ? `${ageOf(last, nowMs)} (x${count} over ${ageOf(first, nowMs)})`
    : ageOf(last, nowMs);
}

function timeAt(event: JsonObject, field: string): string | undefined {
  const value = event[field];
  return typeof value === "string" ? value : undefined;
}

function objectAt(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isObject(value) ? value : {};
}
