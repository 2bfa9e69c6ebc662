import type { ResourceDefinition } from "#embedded/apiserver/registry/resource-definition.ts";
import { CORE_TABLES, DEFAULT_TABLE } from "./core-tables.ts";
import { EVENT_TABLE } from "./event-table.ts";
import { OTHER_TABLES } from "./other-tables.ts";
import { POD_TABLE } from "./pod-table.ts";
import type { TablePrinter } from "./table.ts";
import { WORKLOAD_TABLES } from "./workload-tables.ts";

/** The printer of a resource. Another version of it brings its own or gets name and age. */
export function printerFor(definition: ResourceDefinition): TablePrinter {
  const { collection, conversion, printer } = definition;
  if (printer !== undefined) return printer;
  if (conversion !== undefined) return DEFAULT_TABLE;
  if (collection === "/pods") return POD_TABLE;
  if (collection === "/events") return EVENT_TABLE;
  return (
    WORKLOAD_TABLES[collection] ??
    CORE_TABLES[collection] ??
    OTHER_TABLES[collection] ??
    DEFAULT_TABLE
  );
}
