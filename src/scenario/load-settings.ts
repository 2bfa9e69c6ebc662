import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Allowance } from "#domain/allowance.ts";
import { openYaml } from "./open-yaml.ts";
import { describeProblems, type Problem, shownPath } from "./problem.ts";
import { ALLOWANCE } from "./read-allowance.ts";
import { COUNT, SHARE, TEXT, textReader, wordReader } from "./readers.ts";

/** What `lastcall.yaml` may set for all runs started in its folder; the command line goes before it. */
export interface Settings {
  /** Absent when neither the file nor the command line names one. */
  readonly scenario?: string;
  /** `embedded`, `kind`, `kind:NAME`, `in-cluster`, or `context:NAME` for a context of the kubeconfig. */
  readonly cluster: string;
  /** The folder that runs write their reports to. */
  readonly reports: string;
  /** What may be touched beyond the defaults. */
  readonly allow?: Allowance;
  /** The largest share of the pods that one disruption may take away at once; 0.5 unless given. */
  readonly maxDisruptedRatio?: number;
  /** Where the load comes from: this machine, or pods of the cluster. */
  readonly loadFrom?: LoadPlace;
  /** How many pods share the load from inside. */
  readonly loadWorkers?: number;
  /** The image that they run. */
  readonly runnerImage?: string;
}

/** The words for it. */
export const LOAD_PLACES = ["outside", "inside"] as const;
/** From where the load meets the Service. */
export type LoadPlace = (typeof LOAD_PLACES)[number];

const FILE_NAME = "lastcall.yaml";

const CLUSTER = textReader(
  '"embedded", "kind", "kind:NAME", "context:NAME" or "in-cluster"',
  (text) => (/^(?:embedded|kind|in-cluster|(?:kind|context):.+)$/.test(text) ? text : undefined),
);

/** The settings of a folder; without the file, the defaults. Relative paths in it start there. */
export async function loadSettings(cwd: string): Promise<Settings> {
  const file = join(cwd, FILE_NAME);
  const problems: Problem[] = [];
  const fields = existsSync(file) ? await openYaml(file, problems) : undefined;
  const scenario = fields?.optional("scenario", TEXT);
  const cluster = fields?.optional("cluster", CLUSTER);
  const reports = fields?.optional("reports", TEXT);
  const allow = fields?.optional("allow", ALLOWANCE);
  const maxDisruptedRatio = fields?.optional("maxDisrupted", SHARE);
  const loadFrom = fields?.optional("loadFrom", wordReader(LOAD_PLACES));
  const loadWorkers = fields?.optional("loadWorkers", COUNT);
  const runnerImage = fields?.optional("runnerImage", TEXT);
  fields?.refuseOthers();
  if (problems.length > 0) {
    throw describeProblems(
      "BAD_SETTINGS",
      problems,
      `${FILE_NAME} may hold scenario, cluster, reports, allow, maxDisrupted, loadFrom, loadWorkers and runnerImage, and may also be absent.`,
    );
  }
  return {
    ...(scenario !== undefined && { scenario: shownPath(resolve(cwd, scenario)) }),
    cluster: cluster ?? "embedded",
    reports: shownPath(resolve(cwd, reports ?? "reports")),
    ...(allow !== undefined && { allow }),
    ...(maxDisruptedRatio !== undefined && { maxDisruptedRatio }),
    ...(loadFrom !== undefined && { loadFrom }),
    ...(loadWorkers !== undefined && { loadWorkers }),
    ...(runnerImage !== undefined && { runnerImage }),
  };
}
