import { parseArgs } from "node:util";
import { type IConfiguration, loadConfiguration, runCucumber } from "@cucumber/cucumber/api";
import type { Command } from "#cli/command.ts";
import { readFeatures } from "#cli/features/read-features.ts";
import { requireFeature } from "#cli/features/require-feature.ts";
import { RunOutcome } from "#cli/features/run-outcome.ts";
import { supportCode } from "#cli/features/support-code.ts";
import { LOAD_PLACE_OPTIONS, readLoadPlace } from "#cli/load-place-options.ts";
import { NEW_CLUSTER_OPTIONS, readNewCluster } from "#cli/new-cluster-options.ts";
import { parseRepeat } from "#cli/parse-repeat.ts";
import { isOrdinaryUser, runInUserNamespace } from "#cli/user-namespace.ts";
import { UsageError } from "#domain/errors.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { requireReports } from "#harness.ts";
import { requireKnownCluster } from "#open-clusters.ts";
import { loadSettings } from "#scenario/load-settings.ts";
import { parsePodNetwork } from "#scenario/parse-pod-network.ts";

/** Gives the features to cucumber and makes one exit code of all their verdicts. */
export const runCommand: Command = {
  usage: `lastcall run [FEATURE...] [options]

Runs Gherkin feature files (default: features/). Each scenario is one run with a history and a report of its
own below the reports folder.

  --cluster CHOICE   embedded (default); kind for a new kind cluster, kind:NAME for one that is there;
                     context:NAME for a context of your kubeconfig; in-cluster from within a pod
  --nodes N          how many nodes a new cluster gets; default: 3
  --kind-config FILE the configuration of a new kind cluster
  --kind-image IMAGE the image of its nodes; default: what this version of kind brings
  --keep             keeps a kind cluster that was created, and says how to reach it
  --load-from PLACE  outside (default), this machine; or inside, pods of the cluster, for a Service that only they
                     reach and for more load than one machine offers
  --load-workers N   how many pods share the load from inside; default: 1
  --runner-image IMAGE  what they run; default: lastcall/runner in this version
  --scenario PATH    the scenario that supplies workload and load; default: what a tag @scenario:PATH of the feature
                     names, then lastcall.yaml
  --reports DIR      where the reports go; default: reports
  --repeat N         runs each scenario up to N times, until all runs together are certain; default: 1
  --baseline PATH    shows what changed since an earlier run: its folder or its result.json
  --pod-network HOW  of the embedded cluster: process (default), netns (each pod has a network namespace;
                     needs iproute2, nftables, and root or user namespaces), or auto (netns where root can)
  --ui[=PORT]        serves a page on this machine that follows the runs; default: a free port
  --metrics ADDRESS  serves /metrics for Prometheus while the runs go on: :9464 or HOST:PORT
  --pushgateway URL  pushes each finished run to this Pushgateway
  --otlp URL         sends each finished run as a trace to this OTLP receiver (HTTP): http://collector:4318
  --dry-run          shows what each run would do (objects, verbs, share of the pods) and touches nothing
  --tags EXPRESSION  only scenarios with these tags
  --name REGEXP      only scenarios whose name matches

Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 the harness could not run, 64 wrong usage, 130 interrupted.`,
  async run(args, { out, err }) {
    const { values, positionals } = parseArgs({
      // An option with a value that may be absent is two options to parseArgs.
      args: args.map((arg) => (arg === "--ui" ? "--ui=0" : arg)),
      allowPositionals: true,
      options: {
        cluster: { type: "string" },
        ...NEW_CLUSTER_OPTIONS,
        ...LOAD_PLACE_OPTIONS,
        scenario: { type: "string" },
        reports: { type: "string" },
        repeat: { type: "string" },
        baseline: { type: "string" },
        "pod-network": { type: "string" },
        ui: { type: "string" },
        metrics: { type: "string" },
        pushgateway: { type: "string" },
        otlp: { type: "string" },
        "dry-run": { type: "boolean" },
        tags: { type: "string" },
        name: { type: "string", multiple: true },
      },
    });
    const paths = positionals.length > 0 ? positionals : ["features"];
    for (const path of paths) requireFeature(path);
    const repeat = parseRepeat(values.repeat);
    const reports = values.reports ?? "reports";
    // Before cucumber opens its own files there; a plan writes nothing.
    if (values["dry-run"] !== true) await requireReports(reports);
    const podNetwork = parsePodNetwork(values["pod-network"]);
    if (podNetwork === "netns" && isOrdinaryUser()) {
      refuseOutside(values);
      return await runInUserNamespace(["run", ...args]);
    }
    const { runConfiguration } = await loadConfiguration({
      file: false,
      provided: {
        paths: paths.map((path) => (path.includes(".feature") ? path : `${path}/**/*.feature`)),
        import: supportCode(),
        format: values["dry-run"] === true ? ["summary"] : formats(reports),
        ...(values.tags !== undefined && { tags: values.tags }),
        ...(values.name !== undefined && { name: values.name }),
        // Every attachment was shown when it was made.
        formatOptions: { printAttachments: false },
        worldParameters: definedOnly({
          cluster: values.cluster,
          ...readNewCluster(values),
          ...readLoadPlace(values),
          scenario: values.scenario,
          reports: values.reports,
          repeat,
          baseline: values.baseline,
          podNetwork,
          dryRun: values["dry-run"],
          ui: parsePort(values.ui),
          metrics: values.metrics,
          pushgateway: values.pushgateway,
          otlp: values.otlp,
        }),
      } satisfies Partial<IConfiguration>,
    });
    const choice = values.cluster ?? (await loadSettings(process.cwd())).cluster;
    await requireKnownCluster(choice, { planned: values["dry-run"] === true });
    const { support, exitCode } = await readFeatures(runConfiguration, { out, err });
    if (exitCode !== EXIT_CODE.pass) return exitCode;
    const outcome = new RunOutcome();
    await runCucumber({ ...runConfiguration, support }, {}, (envelope) => outcome.see(envelope));
    return outcome.conclude({ out, err }, { planned: values["dry-run"] === true });
  },
};

/** What needs this machine's network, where a run inside a user namespace does not get. */
function refuseOutside(
  values: Readonly<Partial<Record<"ui" | "pushgateway" | "otlp", string>>>,
): void {
  const outside = (["ui", "pushgateway", "otlp"] as const).find(
    (option) => values[option] !== undefined,
  );
  if (outside === undefined) return;
  throw new UsageError("BAD_USAGE", `--${outside} and --pod-network netns need root together.`, {
    hint: `An ordinary user's namespaces are cut off from this machine's network: leave --${outside} out, or run as root.`,
  });
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError("BAD_PORT", `--ui=${text} is not a port.`, {
    hint: "Write --ui for a free port, or --ui=8000.",
  });
}

/** What cucumber writes of the features; what was only planned must not replace what was run. */
function formats(reports: string): IConfiguration["format"] {
  return [
    "summary",
    ["junit", `${reports}/junit.xml`],
    ["html", `${reports}/cucumber.html`],
    ["message", `${reports}/messages.ndjson`],
  ];
}

function definedOnly(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string | number | boolean] => entry[1] !== undefined,
    ),
  );
}
