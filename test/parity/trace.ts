/** What happened to one object, as a watching client saw it; a trace is these in order of receipt. */
export interface TraceEntry {
  /** Milliseconds since the action began; -1 for what was there before. */
  readonly t: number;
  readonly resource: string;
  readonly type: EntryType;
  readonly object: TraceObject;
}

export type EntryType = "INITIAL" | "ADDED" | "MODIFIED" | "DELETED" | "DONE";

/** How the action ended; the object of the one entry whose resource is `action`. */
export interface ActionResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Any object as served, with the fields that more than one rule reads; the rest is read where it is judged. */
export interface TraceObject {
  readonly metadata: ObjectMetadata;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

export interface ObjectMetadata {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** A recording and how it ended. */
export interface Trace {
  readonly entries: readonly TraceEntry[];
  readonly action: ActionResult;
}

/** A change that reached the recorder before the action began carries a clock's time, not a distance. */
const LONGEST_TRACE_MS = 24 * 3_600_000;

/** Reads a trace of one JSON object a line; throws on a text that is no trace, so that nothing passes unread. */
export function parseTrace(text: string): Trace {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const entries: TraceEntry[] = [];
  let action: ActionResult | undefined;
  for (const [index, line] of lines.entries()) {
    const parsed: unknown = JSON.parse(line);
    if (!isEntry(parsed)) throw new Error(`Line ${index + 1} is no entry of a trace: ${line}`);
    if (parsed.resource === "action")
      action = parsed.object as unknown as ActionResult; // the recorder's format
    else entries.push(parsed.t > LONGEST_TRACE_MS ? { ...parsed, t: -1 } : parsed);
  }
  if (action === undefined) throw new Error("The trace does not say how its action ended.");
  return { entries, action };
}

/** The entries of one resource, in order. */
export function entriesOf(trace: Trace, resource: string): readonly TraceEntry[] {
  return trace.entries.filter((entry) => entry.resource === resource);
}

/** The owner that manages the object, if there is one. */
export function controllerOf({ metadata }: TraceObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

function isEntry(value: unknown): value is TraceEntry {
  if (typeof value !== "object" || value === null) return false;
  const { t, resource, type, object } = value as Partial<Record<keyof TraceEntry, unknown>>;
  return (
    typeof t === "number" &&
    typeof resource === "string" &&
    typeof type === "string" &&
    typeof object === "object" &&
    object !== null
  );
}
