import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteKindCluster } from "./delete-kind-cluster.ts";
import { adviseOnKind } from "./kind-advice.ts";
import { kindConfig } from "./kind-config.ts";
import type { KindTools } from "./kind-tools.ts";
import { newestNodeImage } from "./node-images.ts";
import { ProgramError, runProgram } from "./run-program.ts";

/** What a new cluster is made of. */
export interface NewKindCluster {
  readonly name: string;
  /** Of the default configuration; a file of the user's has its own. */
  readonly nodes: number;
  /** A kind configuration file of the user's. */
  readonly config?: string;
  /** The node image; absent: kind's own choice, which belongs to its version. */
  readonly image?: string;
}

/** kind itself only warns when the control plane is late; whether the cluster is up is asked afterwards. */
const CONTROL_PLANE_WAIT = "120s";

/**
 * Creates a cluster and returns its kubeconfig; no file of the user's is changed. When it fails, or is
 * interrupted, the containers it had started are removed before the error is thrown.
 */
export async function createKindCluster(
  cluster: NewKindCluster,
  tools: KindTools,
  signal: AbortSignal,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${cluster.name}-`));
  try {
    return await createIn(folder, cluster, tools, signal);
  } catch (error) {
    // kind removes what it made only when it fails by itself, not when it is ended.
    await deleteKindCluster(cluster.name, tools);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function createIn(
  folder: string,
  cluster: NewKindCluster,
  tools: KindTools,
  signal: AbortSignal,
): Promise<string> {
  const config = cluster.config ?? join(folder, "kind.yaml");
  if (cluster.config === undefined) await writeFile(config, kindConfig(cluster.nodes));
  const kubeconfig = join(folder, "kubeconfig");
  const create = (image: string | undefined) =>
    kindCreate({ ...cluster, config, kubeconfig, image }, tools, signal);
  try {
    await create(cluster.image);
  } catch (error) {
    const other = await substitute(error, cluster, tools, signal);
    if (other === undefined) throw error;
    tools.tell(`kind's own node image cannot be pulled; this machine has ${other}, which is used.`);
    await create(other);
  }
  return await readFile(kubeconfig, "utf8");
}

async function kindCreate(
  cluster: {
    readonly name: string;
    readonly config: string;
    readonly kubeconfig: string;
    readonly image: string | undefined;
  },
  { engine, tell }: KindTools,
  signal: AbortSignal,
): Promise<void> {
  const { name, config, kubeconfig, image } = cluster;
  await runProgram(
    {
      file: "kind",
      args: [
        ...["create", "cluster", "--name", name, "--config", config, "--kubeconfig", kubeconfig],
        ...["--wait", CONTROL_PLANE_WAIT, ...(image === undefined ? [] : ["--image", image])],
      ],
      attempt: `create the kind cluster ${name}`,
      advise: adviseOnKind,
      onLine: (line) => {
        const step = /^ • (.+?)\s*(?:\p{Extended_Pictographic}.*)?\.\.\.$/u.exec(line)?.[1];
        if (step !== undefined) tell(`kind: ${step}`);
      },
      env: engine.env,
    },
    signal,
  );
}

/** Another node image, where the one that kind wants is out of reach and the user has named none. */
async function substitute(
  error: unknown,
  { image, config }: NewKindCluster,
  { engine }: KindTools,
  signal: AbortSignal,
): Promise<string | undefined> {
  const unpulled = error instanceof ProgramError && /failed to pull image/.test(error.words ?? "");
  if (!unpulled || image !== undefined || config !== undefined) return undefined;
  return await newestNodeImage(engine, signal);
}
