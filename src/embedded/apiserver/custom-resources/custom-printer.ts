import { ageOf } from "#embedded/apiserver/tables/age.ts";
import type { TablePrinter } from "#embedded/apiserver/tables/table.ts";
import type { PrinterColumn } from "./custom-resource-definition.ts";
import { valueAt } from "./value-at.ts";

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
