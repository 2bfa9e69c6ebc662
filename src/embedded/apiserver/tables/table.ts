import type { KubeObject } from "#embedded/api/objects.ts";

/** One column of a server-side table; priority 1 shows only with `-o wide`. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer";
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

/** How one resource looks in a terminal. */
export interface TablePrinter {
  readonly columns: readonly Column[];
  readonly cells: (object: KubeObject, nowMs: number) => readonly unknown[];
}

/** Which part of each object accompanies its row. */
export type IncludeObject = "None" | "Metadata" | "Object";

/** Columns by name; `Name*` marks one for `-o wide`, `Name#` one of numbers. */
export function columns(...names: readonly string[]): readonly Column[] {
  return names.map((marked) => {
    const name = marked.replace(/[*#]/g, "");
    return {
      name,
      type: marked.includes("#") ? "integer" : "string",
      format: name === "Name" ? "name" : "",
      description: name,
      priority: marked.includes("*") ? 1 : 0,
    };
  });
}

interface TableOptions {
  readonly metadata: object;
  readonly nowMs: number;
  readonly includeObject: IncludeObject;
  /** A watch sends them with its first event only. */
  readonly withColumns: boolean;
  /** Of `meta.k8s.io`. */
  readonly version: string;
}

/** A Table with one row for each object. */
export function buildTable(
  printer: TablePrinter,
  objects: readonly KubeObject[],
  { metadata, nowMs, includeObject, withColumns, version }: TableOptions,
): object {
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: withColumns ? printer.columns : null,
    rows: objects.map((object) => ({
      cells: printer.cells(object, nowMs),
      ...(includeObject === "None" ? {} : { object: included(object, includeObject, version) }),
    })),
  };
}

/** An object without spec and status. */
export function partialMetadata({ metadata }: KubeObject, version: string): object {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${version}`, metadata };
}

function included(
  object: KubeObject,
  wanted: Exclude<IncludeObject, "None">,
  version: string,
): object {
  return wanted === "Object" ? object : partialMetadata(object, version);
}
