import type { Condition, KubeObject } from "#embedded/api/objects.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import { ageOf, formatDuration } from "./age.ts";
import { columns, type TablePrinter } from "./table.ts";

/** Requests for certificates: who asks whom for how long, and how far it has come. */
export const CERTIFICATE_REQUEST_TABLE: TablePrinter = {
  columns: columns("Name", "Age", "SignerName", "Requestor", "RequestedDuration", "Condition"),
  cells: (object, nowMs) => {
    const spec = isObject(object.spec) ? object.spec : {};
    const seconds = spec["expirationSeconds"];
    return [
      object.metadata.name,
      ageOf(object.metadata.creationTimestamp, nowMs),
      spec["signerName"] ?? "<none>",
      spec["username"] ?? "",
      seconds === undefined ? "<none>" : formatDuration(Number(seconds) * 1000),
      conditionOf(object),
    ];
  },
};

function conditionOf({ status }: KubeObject): string {
  const { conditions = [], certificate = "" } = (status ?? {}) as {
    conditions?: readonly Condition[];
    certificate?: string;
  };
  const has = (type: string) => conditions.some((condition) => condition.type === type);
  const decision = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  return `${decision}${has("Failed") ? ",Failed" : ""}${certificate === "" ? "" : ",Issued"}`;
}
