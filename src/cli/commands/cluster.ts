import { parseArgs } from "node:util";
import { describeAbsence, describeClusters, describeEnd } from "#cli/cluster-texts.ts";
import type { Command, Streams } from "#cli/command.ts";
import { HarnessError, UsageError } from "#domain/errors.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { type BackgroundClusters, openBackgroundClusters } from "#open-clusters.ts";
import { bringUpCluster, DEFAULT_NODES } from "./cluster-up.ts";

/** The cluster that is meant when nobody names one. */
const DEFAULT_NAME = "lastcall";

/** Starts, ends and lists embedded clusters that outlive this process. */
export const clusterCommand: Command = {
  usage: `lastcall cluster up [--nodes N] [--name NAME] [--images PATH] [--pod-network HOW]
lastcall cluster down [--name NAME]
lastcall cluster status [--name NAME]

up starts an embedded cluster in the background and prints what makes kubectl use it:

  eval "$(lastcall cluster up)"

The cluster outlives the terminal, until down ends it with all its pods. Its kubeconfig and its log are in
~/.lastcall/clusters/NAME, or in $XDG_STATE_HOME/lastcall/clusters/NAME.

  --name NAME     which cluster; default: ${DEFAULT_NAME}
  --nodes N       how many nodes; default: ${DEFAULT_NODES}
  --images PATH   a scenario, its folder, or a file with the key "images:": which local program stands for
                  which image, besides node and agnhost, which are built in
  --pod-network HOW
                  process (default): pods share this machine's network; netns: each has a network namespace
                  (needs root, iproute2 and nftables); auto: netns where it works`,
  async run(args, streams) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: "string" },
        nodes: { type: "string" },
        images: { type: "string" },
        "pod-network": { type: "string" },
      },
    });
    const [action, ...others] = positionals;
    const act = ACTIONS[action ?? ""];
    if (act === undefined || others.length > 0) {
      throw new UsageError("BAD_USAGE", "cluster takes one of up, down and status.", {
        hint: "For example: lastcall cluster up --nodes 2. See lastcall help cluster.",
      });
    }
    return await act(openBackgroundClusters(), { ...values }, streams);
  },
};

interface ClusterValues {
  readonly name?: string | undefined;
  readonly nodes?: string | undefined;
  readonly images?: string | undefined;
  readonly "pod-network"?: string | undefined;
}

type Action = (
  clusters: BackgroundClusters,
  values: ClusterValues,
  streams: Streams,
) => Promise<number>;

const UP_ONLY = ["nodes", "images", "pod-network"] as const;

const ACTIONS: Readonly<Record<string, Action>> = {
  up: (clusters, { name = DEFAULT_NAME, ...values }, streams) =>
    bringUpCluster(clusters, { name, ...values }, streams),
  down: async (clusters, values, { err }) => {
    refuse(values, "down", UP_ONLY);
    const { name = DEFAULT_NAME } = values;
    const outcome = await clusters.stop(name);
    const others = outcome.type === "none" ? await clusters.list() : [];
    err.write(`${describeEnd(name, outcome, others)}\n`);
    return EXIT_CODE.pass;
  },
  status: async (clusters, values, { out, err }) => {
    refuse(values, "status", UP_ONLY);
    const { name } = values;
    const found = name === undefined ? await clusters.list() : [await clusters.find(name)];
    const shown = found.filter((cluster) => cluster !== undefined);
    if (shown.length > 0) out.write(`${describeClusters(shown, Date.now())}\n`);
    else if (name === undefined) err.write(`${describeAbsence([])}\n`);
    else {
      throw new HarnessError("NO_CLUSTER", `There is no cluster ${name}.`, {
        hint: describeAbsence(await clusters.list()),
      });
    }
    return EXIT_CODE.pass;
  },
};

function refuse(
  values: ClusterValues,
  action: string,
  options: readonly (keyof ClusterValues)[],
): void {
  const given = options.find((option) => values[option] !== undefined);
  if (given === undefined) return;
  throw new UsageError("BAD_USAGE", `cluster ${action} takes no --${given}.`, {
    hint: "See lastcall help cluster.",
  });
}
