import type { ListedRun } from "#domain/listed-run.ts";

/** The report of a run, from a page that lies beside its folder. */
export function reportLink({ folder }: Pick<ListedRun, "folder">): string {
  return `${encodeURIComponent(folder)}/report.html`;
}
