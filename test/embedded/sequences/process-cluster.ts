import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiClient } from "#embedded/api/client.ts";
import { startApiServer } from "#embedded/apiserver/start-api-server.ts";
import { startControllers } from "#embedded/controllers/start-controllers.ts";
import { type Kubelet, startKubelet } from "#embedded/kubelet/start-kubelet.ts";

export interface ProcessCluster {
  readonly client: ApiClient;
  readonly errors: readonly unknown[];
  /** How many processes of its pods run on this machine. */
  processes(): number;
  stop(): Promise<void>;
}

/** Nobody else on this machine sleeps for just so long. */
const MARK = `sleep 9${process.pid}7`;

/** A control plane with real kubelets, reached without the wire; its pods do nothing but wait. */
export async function startProcessCluster(): Promise<ProcessCluster> {
  const directory = mkdtempSync(join(tmpdir(), "lastcall-sequences-"));
  const clusterSecret = "between-us";
  const prefix = "127.98";
  const server = await startApiServer({
    ...{ address: `${prefix}.0.1`, port: 0, clusterSecret },
    serviceAddressPrefix: `${prefix}.250`,
  });
  const { client } = server;
  const command = ["sh", "-c", `trap 'exit 0' TERM; ${MARK} & wait`];
  const images = [{ image: "app", directory: "/", command }];
  const kubelets: Kubelet[] = [];
  for (const index of [1, 2]) {
    const node = {
      name: `node-${index}`,
      ...{ address: `${prefix}.0.${10 + index}`, podPrefix: `${prefix}.${index}` },
    };
    kubelets.push(await startKubelet({ client, node, images, directory, clusterSecret }));
  }
  const errors: unknown[] = [];
  const controllers = await startControllers({ client, onError: (error) => errors.push(error) });
  return {
    client,
    errors,
    processes: countMarked,
    async stop() {
      await controllers.stop();
      for (const kubelet of kubelets) await kubelet.stop();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function countMarked(): number {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandLineOf(pid).replaceAll("\0", " ").trim() === MARK).length;
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it has just ended
  }
}
