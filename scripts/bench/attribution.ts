import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge } from "#checkers/judge.ts";
import { loadCatches } from "#cli/self-test/catches.ts";
import type { AttributionSummary } from "#domain/report.ts";
import { startRun } from "#harness.ts";
import { openRun } from "#history/open-run.ts";
import { loadScenario } from "#scenario/load-scenario.ts";
import { print } from "./print.ts";

/*
 * How many of the sample shop's failures name their pod, how surely, and whether that is true. The shop is run
 * with one fault after the other on both pod networks; whether each is caught is the self-test's affair.
 */
const FAULTS = ["shop-exits-at-once", "shop-closes-listener-early", "shop-ignores-sigterm"];
const NETWORKS = ["process", "netns"] as const;

async function placedIn(
  name: string,
  podNetwork: (typeof NETWORKS)[number],
): Promise<AttributionSummary> {
  const fault = (await loadCatches()).find((each) => each.name === name);
  if (fault === undefined) throw new Error(`There is no catch ${name}; test/catches lists them.`);
  const { dataPathDelayMs, disruptionOf, thresholds } = fault.expectation;
  const scenario = await loadScenario(fault.directory);
  const reportsDir = mkdtempSync(join(tmpdir(), "lastcall-bench-"));
  try {
    const { run, stop } = await startRun({
      ...{ scenario, thresholds, reportsDir, cluster: "embedded", output: { write() {} } },
      settings: { embedded: { podNetwork, ...(dataPathDelayMs && { dataPathDelayMs }) } },
      signal: new AbortController().signal,
    });
    const directory = await run
      .disruptUnderLoad([disruptionOf(scenario.workload)])
      .finally(() => stop());
    const { attribution } = judge(await openRun(directory), []);
    if (attribution === undefined) throw new TypeError("A judgement places its failures.");
    return attribution;
  } finally {
    rmSync(reportsDir, { recursive: true });
  }
}

function row(name: string, placed: AttributionSummary): string {
  const { failures, provenByAnswer, provenByDataPath, ledToNobody, unknown } = placed;
  const share = (count: number) =>
    failures === 0 ? "–" : `${((100 * count) / failures).toFixed(1)} %`;
  const guessed = placed.sameConnection + placed.inferred;
  const cells = [
    ...[provenByAnswer, provenByDataPath, ledToNobody, guessed, unknown].map(share),
    `${placed.contradicted} of ${placed.compared}`,
  ];
  return `| ${[name, failures, ...cells].join(" | ")} |`;
}

print(
  "## Which pod a failure met",
  "| the shop, with a fault | failures | proven by its answer | proven by the data path | led to nobody | same connection or inferred | unknown | contradicted by an answer |",
  "|---|---|---|---|---|---|---|---|",
);
for (const podNetwork of NETWORKS) {
  for (const name of FAULTS) print(row(`${name}, ${podNetwork}`, await placedIn(name, podNetwork)));
}
