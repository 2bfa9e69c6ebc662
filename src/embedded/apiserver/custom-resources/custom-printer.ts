import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import { ageOf } from "#embedded/apiserver/tables/age.ts";
import type { TablePrinter } from "#embedded/apiserver/tables/table.ts";
import type { PrinterColumn } from "./custom-resource-definition.ts";

const AGE: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

/** The table that a custom resource asks for; name and age when it asks for none. */
export function customPrinter(wanted: readonly PrinterColumn[] = [AGE]): TablePrinter {
  return {
    columns: [
      { name: "Name", type: "string", format: "name", description: "Name", priority: 0 },
      ...wanted.map(({ name, type, description = "", priority = 0 }) => ({
        name,
        type: type === "integer" ? ("integer" as const) : ("string" as const),
        format: "",
        description,
        priority,
      })),
    ],
    cells: (object, nowMs) => [
      object.metadata.name,
      ...wanted.map(({ type, jsonPath }) => {
        const value = valueAt(object, jsonPath);
        return type === "date" ? ageOf(value as string | undefined, nowMs) : (value ?? "");
      }),
    ],
  };
}

/** Plain paths, `.spec.replicas`, and conditions by type, `.status.conditions[?(@.type=="Ready")].status`. */
function valueAt(object: KubeObject, jsonPath: string): unknown {
  const steps = jsonPath.match(/\[\?\(@\.\w+=="[^"]*"\)\]|\[\d+\]|[^.[\]]+/g) ?? [];
  return steps.reduce<unknown>((value, step) => {
    const filter = /^\[\?\(@\.(\w+)=="([^"]*)"\)\]$/.exec(step);
    if (filter !== null) {
      const [, field = "", wanted] = filter;
      return Array.isArray(value)
        ? value.find((item) => isObject(item) && item[field] === wanted)
        : undefined;
    }
    const index = /^\[(\d+)\]$/.exec(step)?.[1];
    if (index !== undefined) return Array.isArray(value) ? value[Number(index)] : undefined;
    return isObject(value) ? value[step] : undefined;
  }, object);
}
