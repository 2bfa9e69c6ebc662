import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { entriesOf, parseTrace, type Trace } from "./trace.ts";

/** Where in its folder a case keeps its recording. */
export const TRACE_FILE = "trace.jsonl";

/** One recorded case: what was set up, how it was awaited, what was done, and what a real cluster showed. */
export interface GoldenCase {
  readonly name: string;
  readonly folder: string;
  readonly setupFile: string;
  /** Absent: every Deployment rolled out. */
  readonly readyFile?: string;
  readonly actionFile: string;
  /** Absent: the case is still to be recorded. */
  readonly trace?: Trace;
}

/** All cases of a directory, or those named; throws when there is none, or one is missing or broken. */
export async function loadGoldenCases(
  directory: string,
  names: readonly string[] = [],
): Promise<readonly GoldenCase[]> {
  const folders = (await readdir(directory, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && existsSync(join(directory, entry.name, "action.sh")))
    .map(({ name }) => name)
    .toSorted();
  if (folders.length === 0) throw new Error(`No case with an action.sh is in ${directory}.`);
  const unknown = names.filter((name) => !folders.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `No case ${unknown.join(", ")} is in ${directory}; there are: ${folders.join(", ")}.`,
    );
  }
  const chosen = folders.filter((name) => names.length === 0 || names.includes(name));
  return Promise.all(chosen.map((name) => loadCase(join(directory, name), name)));
}

/** How the recording cluster's nodes have to look for the case to mean the same. */
export interface NodePlan {
  readonly count: number;
  /** As `kubectl taint` takes them, for each node that had some. */
  readonly taints: readonly string[];
}

/** As many nodes as were recorded, or as the pods ran on; with the taints that kept pods away from them. */
export function nodePlan(trace: Trace): NodePlan {
  const nodes = entriesOf(trace, "nodes").filter(({ type }) => type === "INITIAL");
  const names = new Set(entriesOf(trace, "pods").map(({ object }) => object.spec?.["nodeName"]));
  names.delete(undefined);
  const taints = nodes.map(({ object }) => {
    const own = (object.spec?.["taints"] ?? []) as readonly Taint[]; // a node's taints, by its schema
    return own.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`);
  });
  const count = Math.max(1, nodes.length || Math.max(names.size, nodesOfScheduler(trace)));
  return { count, taints: taints.flat() };
}

/** A pod that fits on no node is told of how many there are. */
function nodesOfScheduler(trace: Trace): number {
  const messages = entriesOf(trace, "events").map(({ object }) => JSON.stringify(object));
  const told = messages.map((text) => Number(/"0\/(\d+) nodes are available/.exec(text)?.[1] ?? 0));
  return Math.max(0, ...told);
}

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

async function loadCase(folder: string, name: string): Promise<GoldenCase> {
  const readyFile = join(folder, "ready.sh");
  const traceFile = join(folder, TRACE_FILE);
  try {
    return {
      name,
      folder,
      setupFile: join(folder, "setup.yaml"),
      ...(existsSync(readyFile) && { readyFile }),
      actionFile: join(folder, "action.sh"),
      ...(existsSync(traceFile) && { trace: parseTrace(await readFile(traceFile, "utf8")) }),
    };
  } catch (error) {
    throw new Error(`The golden case ${name} could not be read.`, { cause: error });
  }
}
