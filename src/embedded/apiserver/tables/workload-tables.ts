import type { KubeObject, LabelSelector, PodTemplate } from "#embedded/api/objects.ts";
import { formatLabelSelector } from "#embedded/apiserver/selectors/label-selector.ts";
import { ageOf, formatDuration } from "./age.ts";
import { columns, type TablePrinter } from "./table.ts";

/** The fields of all workloads that any of their tables shows. */
interface Workload {
  readonly spec: {
    readonly replicas?: number;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly suspend?: boolean;
    readonly schedule?: string;
    readonly timeZone?: string;
    readonly selector?: LabelSelector;
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
  };
  readonly status: Readonly<Record<string, unknown>> & {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly active?: number | readonly unknown[];
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly lastScheduleTime?: string;
  };
}

type WorkloadCells = (workload: Workload, object: KubeObject, nowMs: number) => readonly unknown[];

const WIDE = ["Containers*", "Images*", "Selector*"];

/** Tables of `apps/v1` and `batch/v1`, by collection. */
export const WORKLOAD_TABLES: Readonly<Record<string, TablePrinter>> = {
  "apps/deployments": printer(
    ["Name", "Ready", "Up-to-date#", "Available#", "Age", ...WIDE],
    ({ spec, status }, { metadata }, nowMs) => [
      metadata.name,
      `${count(status, "readyReplicas")}/${spec.replicas ?? 0}`,
      count(status, "updatedReplicas"),
      count(status, "availableReplicas"),
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  ),
  "apps/replicasets": printer(
    ["Name", "Desired#", "Current#", "Ready#", "Age", ...WIDE],
    ({ spec, status }, { metadata }, nowMs) => [
      metadata.name,
      spec.replicas ?? 0,
      count(status, "replicas"),
      count(status, "readyReplicas"),
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  ),
  "/replicationcontrollers": printer(
    ["Name", "Desired#", "Current#", "Ready#", "Age", ...WIDE],
    ({ spec, status }, { metadata }, nowMs) => [
      metadata.name,
      spec.replicas ?? 0,
      count(status, "replicas"),
      count(status, "readyReplicas"),
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  ),
  "apps/statefulsets": printer(
    ["Name", "Ready", "Age", "Containers*", "Images*"],
    ({ spec, status }, { metadata }, nowMs) => [
      metadata.name,
      `${count(status, "readyReplicas")}/${spec.replicas ?? 0}`,
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  ),
  "apps/daemonsets": printer(
    [
      ...["Name", "Desired#", "Current#", "Ready#", "Up-to-date#", "Available#"],
      ...["Node Selector", "Age", ...WIDE],
    ],
    ({ spec, status }, { metadata }, nowMs) => [
      metadata.name,
      count(status, "desiredNumberScheduled"),
      count(status, "currentNumberScheduled"),
      count(status, "numberReady"),
      count(status, "updatedNumberScheduled"),
      count(status, "numberAvailable"),
      labelText(spec.template?.spec?.nodeSelector),
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  ),
  "batch/jobs": printer(
    ["Name", "Status", "Completions", "Duration", "Age", ...WIDE],
    ({ spec, status }, { metadata }, nowMs) => [
      metadata.name,
      jobStatus({ spec, status }, metadata.deletionTimestamp !== undefined),
      completionText({ spec, status }),
      durationText(status, nowMs),
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  ),
  "batch/cronjobs": printer(
    [
      ...["Name", "Schedule", "Timezone", "Suspend", "Active#", "Last Schedule", "Age"],
      ...["Containers*", "Images*", "Selector*"],
    ],
    ({ spec, status }, { metadata }, nowMs) => [
      metadata.name,
      spec.schedule,
      spec.timeZone ?? "<none>",
      spec.suspend === true ? "True" : "False",
      Array.isArray(status.active) ? status.active.length : 0,
      status.lastScheduleTime === undefined ? "<none>" : ageOf(status.lastScheduleTime, nowMs),
      ageOf(metadata.creationTimestamp, nowMs),
    ],
  ),
};

/** Adds the cells that every workload shows with `-o wide`, as far as its columns name them. */
function printer(names: readonly string[], cells: WorkloadCells): TablePrinter {
  const wide = names.filter((name) => WIDE.includes(name));
  return {
    columns: columns(...names),
    cells: (object, nowMs) => {
      const workload = { spec: {}, status: {}, ...object } as unknown as Workload;
      return [...cells(workload, object, nowMs), ...wide.map((name) => wideCell(name, workload))];
    },
  };
}

function wideCell(name: string, { spec }: Workload): string {
  const template = spec.template ?? spec.jobTemplate?.spec?.template;
  const containers = template?.spec?.containers ?? [];
  if (name === "Containers*") return containers.map((container) => container.name).join(",");
  if (name === "Images*") return containers.map(({ image }) => image).join(",");
  const { selector } = spec;
  if (selector === undefined) return "<none>";
  const isStructured = "matchLabels" in selector || "matchExpressions" in selector;
  return isStructured
    ? formatLabelSelector(selector)
    : labelText(selector as Readonly<Record<string, string>>);
}

function count(status: Readonly<Record<string, unknown>>, field: string): number {
  return Number(status[field] ?? 0);
}

/** `a=b,c=d`, or `<none>`. */
export function labelText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "<none>" : pairs.toSorted().join(",");
}

function jobStatus({ spec, status }: Workload, isLeaving: boolean): string {
  const has = (wanted: string) =>
    status.conditions?.some(({ type, status }) => type === wanted && status === "True") === true;
  if (has("Complete")) return "Complete";
  if (has("Failed")) return "Failed";
  if (isLeaving) return "Terminating";
  if (has("Suspended") || spec.suspend === true) return "Suspended";
  if (has("FailureTarget")) return "FailureTarget";
  if (has("SuccessCriteriaMet")) return "SuccessCriteriaMet";
  return "Running";
}

function completionText({ spec, status }: Workload): string {
  const succeeded = count(status, "succeeded");
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationText({ startTime, completionTime }: Workload["status"], nowMs: number): string {
  if (startTime === undefined) return "";
  const endMs = completionTime === undefined ? nowMs : Date.parse(completionTime);
  return formatDuration(endMs - Date.parse(startTime));
}
