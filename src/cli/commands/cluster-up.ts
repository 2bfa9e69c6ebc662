import { describeLeftover, exportLine } from "#cli/cluster-texts.ts";
import type { Streams } from "#cli/command.ts";
import { UsageError } from "#domain/errors.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import type { BackgroundClusters } from "#open-clusters.ts";
import { loadImages } from "#scenario/load-images.ts";
import { parsePodNetwork } from "#scenario/parse-pod-network.ts";

/** As many as spread the pods of a small workload. */
export const DEFAULT_NODES = 3;
/** Nodes and their pods share the addresses of one 127.x.0.0/16. */
const MOST_NODES = 200;

const UP_OPTIONS = ["nodes", "images", "pod-network"] as const;

interface UpValues {
  readonly name: string;
  readonly nodes?: string | undefined;
  readonly images?: string | undefined;
  readonly "pod-network"?: string | undefined;
}

/** Starts the cluster unless it runs already. Only the export line goes to stdout, for `eval`. */
export async function bringUpCluster(
  clusters: BackgroundClusters,
  { name, ...values }: UpValues,
  { out, err }: Streams,
): Promise<number> {
  const nodes = readNodes(values.nodes ?? String(DEFAULT_NODES));
  const images = values.images === undefined ? [] : await loadImages(values.images);
  const podNetwork = parsePodNetwork(values["pod-network"]);
  const there = await clusters.find(name);
  if (there?.state === "ended") {
    await clusters.stop(name);
    err.write(`${describeLeftover(there)}\n`);
  } else if (there?.state === "running") {
    const { record } = there;
    const unheard = UP_OPTIONS.filter((option) => values[option]).map((option) => `--${option}`);
    err.write(
      `Cluster ${name} is running already (${record?.nodes} nodes, process ${record?.pid}).\n`,
    );
    if (unheard.length > 0) {
      const verb = unheard.length === 1 ? "changes" : "change";
      err.write(`  ${unheard.join(" and ")} ${verb} nothing: run lastcall cluster down before.\n`);
    }
    out.write(`${exportLine(there.kubeconfig)}\n`);
    return EXIT_CODE.pass;
  }
  err.write(`Starting cluster ${name} with ${nodes} ${nodes === 1 ? "node" : "nodes"} …\n`);
  const startedAtMs = performance.now();
  const { record, kubeconfig } = await clusters.start(name, {
    nodes,
    images,
    ...(podNetwork && { podNetwork }),
  });
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  err.write(`Ready after ${seconds} s: ${record?.url}, process ${record?.pid}.\n`);
  if (podNetwork !== undefined) err.write(`  Pod network: ${record?.podNetwork}.\n`);
  err.write(
    `  It runs until: lastcall cluster down${name === "lastcall" ? "" : ` --name ${name}`}\n`,
  );
  out.write(`${exportLine(kubeconfig)}\n`);
  return EXIT_CODE.pass;
}

function readNodes(text: string): number {
  const nodes = Number(text);
  if (Number.isInteger(nodes) && nodes >= 1 && nodes <= MOST_NODES) return nodes;
  throw new UsageError("BAD_NODES", `--nodes is ${JSON.stringify(text)}.`, {
    hint: `Give a whole number from 1 to ${MOST_NODES}.`,
  });
}
