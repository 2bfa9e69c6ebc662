import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import type { Command, Streams } from "#cli/command.ts";
import { interruptible } from "#cli/interruptible.ts";
import { explainCrash } from "#cli/try/explain-crash.ts";
import { explainListening } from "#cli/try/explain-listening.ts";
import { findListeners } from "#cli/try/find-listeners.ts";
import { readServerCommand } from "#cli/try/read-server-command.ts";
import { watchListeners } from "#cli/try/watch-listeners.ts";
import type { Disruption } from "#domain/disruption.ts";
import { describeDuration } from "#domain/run-duration.ts";
import type { Scenario } from "#domain/scenario.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { runAndJudge } from "#harness.ts";
import type { ClusterSettings } from "#open-clusters.ts";
import type { Progress } from "#ports/progress.ts";
import { describeReport, indexRuns } from "#recorded-runs.ts";
import { commandScenario, type ServerCommand } from "#scenario/command-scenario.ts";
import { parsePodNetwork } from "#scenario/parse-pod-network.ts";
import { parseThreshold } from "#scenario/parse-threshold.ts";

/** What anybody expects of a server that is replaced while it is used. */
const PROMISES = [
  ["dropped requests", "0"],
  ["failures per termination", "0"],
  ["forced kills", "0"],
] as const;

const NO_SLOW_PATH = `Without --slow-path every answer may be a fast one, and then hardly any is under way at SIGTERM.
`;

/** A server command, tried without a cluster and without a feature: one run, one report. */
export const tryCommand: Command = {
  usage: `lastcall try [options] -- COMMAND [ARGUMENT...]

Runs COMMAND as a Deployment on an embedded cluster, offers load, rolls the Deployment, deletes a pod, and says
what was lost, when, why, and what to change. Nothing has to be written and no cluster is needed.

Each pod has an address of its own and finds it in HOST, and its port in PORT; {host} and {port} in ARGUMENT stand
for them. With --pod-network netns a program may as well listen on every address; with process, where all pods share
the machine's network, it would leave no room for the next pod.

  --port N             where the program listens; default: 8080
  --path PATH          what the load asks for; default: /
  --slow-path PATH     asked 5 times a second: one whose answer takes a while, so that SIGTERM finds it under way
  --probe PATH         readiness probe; default: the port accepts a connection
  --pre-stop DURATION  preStop sleep in whole seconds, such as 3s; default: none
  --grace DURATION     grace period in whole seconds; default: 10s (Kubernetes: 30s)
  --replicas N         default: 3
  --rate N             requests a second over kept connections, and as many on new ones; default: 300
  --pod-network HOW    process, netns (needs root), or auto (default): netns where it works
  --reports DIR        where the report goes; default: reports

Exit codes: 0 nothing was lost, 1 something was lost, 2 inconclusive, 3 the harness could not run, 64 wrong usage,
130 interrupted.`,
  async run(args, streams) {
    const end = args.indexOf("--");
    const { values } = parseArgs({
      args: end === -1 ? [...args] : args.slice(0, end),
      options: {
        port: { type: "string" },
        path: { type: "string" },
        "slow-path": { type: "string" },
        probe: { type: "string" },
        "pre-stop": { type: "string" },
        grace: { type: "string" },
        replicas: { type: "string" },
        rate: { type: "string" },
        "pod-network": { type: "string", default: "auto" },
        reports: { type: "string", default: "reports" },
      },
    });
    const command = end === -1 ? [] : args.slice(end + 1);
    const marker = `LASTCALL_TRY=${randomUUID()}`;
    const server = marked(readServerCommand(command, values), marker);
    const { port } = server;
    if (server.slowPath === undefined) streams.out.write(NO_SLOW_PATH);
    const scenario = commandScenario(server);
    return await interruptible(streams, async (signal) => {
      const podNetwork = parsePodNetwork(values["pod-network"]);
      return await tryOut(scenario, {
        reportsDir: values.reports,
        listening: {
          look: () => explainListening(findListeners(marker), { program: command.join(" "), port }),
          patienceMs: values.port === undefined ? PATIENCE_MS : PATIENCE_WITH_PORT_MS,
        },
        settings: podNetwork === undefined ? {} : { embedded: { podNetwork } },
        streams,
        signal,
      });
    });
  },
};

/** A program may open a port for its metrics, or its debugger, before the one that counts. */
const PATIENCE_MS = 5_000;
/** Whoever named the port knows it. */
const PATIENCE_WITH_PORT_MS = 30_000;

/** By this its processes are known among all others of this machine. */
function marked(server: ServerCommand, marker: string): ServerCommand {
  const [name = "", value = ""] = marker.split("=");
  return { ...server, environment: { ...server.environment, [name]: value } };
}

interface Surroundings {
  readonly reportsDir: string;
  readonly settings: ClusterSettings;
  readonly streams: Streams;
  readonly listening: Omit<Parameters<typeof watchListeners>[0], "onGivenUp">;
  readonly signal: AbortSignal;
}

async function tryOut(
  scenario: Scenario,
  { reportsDir, settings, listening, streams: { out }, signal }: Surroundings,
): Promise<number> {
  const { workload } = scenario;
  const disruptions: readonly Disruption[] = [
    { type: "rolling-update", workload },
    { type: "delete-pods", workload, count: 1 },
  ];
  const givenUp = new AbortController();
  const watch = watchListeners({ ...listening, onGivenUp: (reason) => givenUp.abort(reason) });
  const { report, directory } = await runAndJudge({
    scenario,
    disruptions,
    thresholds: promises(),
    repeat: 1,
    cluster: "embedded",
    settings,
    reportsDir,
    output: out,
    watcher: stopAtLoad(watch),
    signal: AbortSignal.any([signal, givenUp.signal]),
  })
    .catch((error: unknown) => {
      throw givenUp.signal.aborted ? givenUp.signal.reason : explainCrash(error);
    })
    .finally(() => watch.stop());
  await indexRuns(reportsDir);
  out.write(`\n${describeReport(report, { directory })}\n${describeDuration(report.closing)}\n`);
  return EXIT_CODE[report.verdict];
}

/** Who has become ready listens where it was asked, and looking costs the machine something while it is measured. */
function stopAtLoad(watch: { stop(): void }): Progress {
  const nothing = () => undefined;
  return {
    ...{ recording: nothing, note: nothing, load: nothing, pods: nothing },
    ...{ disruption: nothing, promises: nothing },
    phase: (name) => {
      if (name !== "setup") watch.stop();
    },
  };
}

function promises() {
  return PROMISES.map(([metric, text]) => {
    const parsed = parseThreshold(metric, text);
    if (parsed.type === "threshold") return parsed.threshold;
    throw new TypeError(`A promise of our own is none: ${parsed.problem}`);
  });
}
