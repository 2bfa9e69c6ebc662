import { UsageError } from "#domain/errors.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import { type EmbeddedClusterOptions, startEmbeddedCluster } from "./embedded-cluster.ts";
import { type KindWish, kindSupply } from "./kind/kind-supply.ts";
import { connectCluster } from "./kubernetes/kubernetes-cluster.ts";

/** What only a cluster that we make lets itself be told. */
export interface ClusterSettings {
  /** Of a new cluster; 3 unless given, so that pods are spread and a drain has somewhere to go. */
  readonly nodes?: number;
  readonly embedded?: Pick<EmbeddedClusterOptions, "dataPathDelayMs" | "podNetwork">;
  readonly kind?: Partial<Pick<KindWish, "config" | "image" | "keep">>;
}

/** How to tell a person what it takes to get a cluster, and when nobody wants it any more. */
export interface Asking {
  tell(line: string): void;
  readonly signal: AbortSignal;
}

/** Where the runs of one process get their cluster from. Each run stops the cluster it was given. */
export interface ClusterSupply {
  open(scenario: Scenario, asking: Asking): Promise<Cluster>;
  /** Ends what outlives a single run, such as a kind cluster that was created; never throws. */
  close(tell: Asking["tell"]): Promise<void>;
}

const DEFAULT_NODES = 3;

/** The supply that the user chose: `embedded`, `kind`, `kind:NAME`, `context:NAME` or `in-cluster`. */
export function clusterSupply(
  choice: string,
  settings: ClusterSettings,
  clock: Clock,
): ClusterSupply {
  const { nodes = DEFAULT_NODES, embedded, kind } = settings;
  refuseUnheard(choice, settings);
  const { type, name } = /^(?<type>[^:]*):?(?<name>.*)$/.exec(choice)?.groups ?? {};
  if (choice === "embedded") {
    return lasting(({ images }) => startEmbeddedCluster({ images, nodes, ...embedded }));
  }
  if (choice === "kind" || (type === "kind" && name)) {
    const reuse = choice === "kind" ? undefined : name;
    return kindSupply({ ...(reuse && { reuse }), nodes, keep: false, ...kind }, clock);
  }
  if (choice === "in-cluster") {
    return lasting((_scenario, { tell, signal }) =>
      connectCluster({ kubeconfig: "in-cluster", description: "in-cluster", tell }, signal),
    );
  }
  if (type !== "context" || !name) throw unknownCluster(choice);
  return lasting((_scenario, { tell, signal }) =>
    connectCluster(
      { kubeconfig: "default", context: name, description: `context ${name}`, tell },
      signal,
    ),
  );
}

/** A setting that changes nothing would be believed to have been heard. */
function refuseUnheard(choice: string, { nodes, kind = {}, embedded = {} }: ClusterSettings): void {
  const ofKind = { config: "--kind-config", image: "--kind-image", keep: "--keep" } as const;
  const given = Object.keys(kind).map((key) => ofKind[key as keyof typeof kind]); // its keys are these
  const created = choice === "kind" || choice === "embedded";
  const unheard = [
    ...(choice === "kind" ? [] : given),
    ...(created || nodes === undefined ? [] : ["--nodes"]),
    ...(choice === "embedded" || embedded.podNetwork === undefined ? [] : ["--pod-network"]),
  ];
  if (unheard.length === 0) return;
  throw new UsageError("BAD_USAGE", `${unheard.join(", ")} cannot shape the cluster ${choice}.`, {
    hint: "--pod-network goes with embedded, --nodes with embedded and kind, the others with kind, which creates a cluster.",
  });
}

/** Where each run's own `stop` ends all there is to end. */
function lasting(open: ClusterSupply["open"]): ClusterSupply {
  return { open, close: async () => undefined };
}

function unknownCluster(choice: string): UsageError {
  return new UsageError("UNKNOWN_CLUSTER", `There is no cluster of the kind "${choice}".`, {
    hint: "Use embedded, kind (a new kind cluster), kind:NAME (one that is there), context:NAME (of your kubeconfig), or in-cluster (from within a pod).",
  });
}
