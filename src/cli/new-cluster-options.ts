import { existsSync } from "node:fs";
import { UsageError } from "#domain/errors.ts";

/** The options that shape a cluster which is created for the runs, for `parseArgs`. */
export const NEW_CLUSTER_OPTIONS = {
  nodes: { type: "string" },
  "kind-config": { type: "string" },
  "kind-image": { type: "string" },
  keep: { type: "boolean" },
} as const;

interface NewClusterValues {
  readonly nodes?: string | undefined;
  readonly "kind-config"?: string | undefined;
  readonly "kind-image"?: string | undefined;
  readonly keep?: boolean | undefined;
}

/** Their values as the world takes them, checked; whether there is a new cluster to shape is asked later. */
export function readNewCluster(values: NewClusterValues) {
  const { nodes, keep, "kind-config": kindConfig, "kind-image": kindImage } = values;
  if (kindConfig !== undefined && !existsSync(kindConfig)) {
    throw new UsageError("NO_KIND_CONFIG", `There is no file ${kindConfig}.`, {
      hint: "--kind-config takes a configuration file of kind's.",
    });
  }
  if (nodes !== undefined && kindConfig !== undefined) {
    throw new UsageError("BAD_USAGE", "The file of --kind-config says how many nodes there are.", {
      hint: "Leave --nodes out, or --kind-config.",
    });
  }
  return { nodes: parseNodes(nodes), kindConfig, kindImage, keep };
}

function parseNodes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UsageError("BAD_NODES", `--nodes ${text} is not a number of nodes.`, {
    hint: "Write a whole number from 1 on: --nodes 3.",
  });
}
