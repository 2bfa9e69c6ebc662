import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProgramError, runProgram } from "#clusters/kind/run-program.ts";
import { HarnessError } from "#domain/errors.ts";
import type { Machine } from "./machine.ts";

/** A node of kind's: a container of that engine. */
interface KindNode {
  readonly engine: string;
  readonly cluster: string;
  readonly node: string;
  /** What its kubelet has told the API of the machine below it: its machine ID and its system UUID. */
  readonly identities: readonly string[];
}

/** systemd gives what it stops 90 s; then the engine kills. */
const STOP_SECONDS = 100;

/** The label by which kind knows its containers. */
const CLUSTER_LABEL = "io.x-k8s.kind.cluster";

/** A kind node's files that hold them. The first outlives a restart, which the API learns of only later. */
const IDENTITY_FILES = ["/kind/product_uuid", "/etc/machine-id"];
const IDENTITY = `cat ${IDENTITY_FILES.join(" ")} 2> /dev/null || true`;

/**
 * The container that kind made for a node. Stopping it is what a power button does: systemd ends kubelet and pods
 * in order. Killing it is the loss of its power.
 */
export function kindMachine({ engine, cluster, node, identities }: KindNode): Machine {
  const run = (attempt: string, args: readonly string[], signal: AbortSignal) =>
    runProgram({ file: engine, args, attempt: `${attempt} ${node} of kind's` }, signal);

  /** The name comes from the cluster: it must not lead to a container that is none of its nodes. */
  const find = async (signal: AbortSignal): Promise<"on" | "off"> => {
    const format = `{{index .Config.Labels "${CLUSTER_LABEL}"}} {{.State.Running}}`;
    const found = await run("find the node", ["inspect", "--format", format, node], signal).catch(
      (error: unknown) => {
        if (error instanceof ProgramError) throw notHere({ engine, cluster, node }, error);
        throw error;
      },
    );
    const [owner, running] = found.trim().split(" ");
    if (owner !== cluster) throw notHere({ engine, cluster, node }, undefined);
    return running === "true" ? "on" : "off";
  };

  /** A container that is off runs no program, but its files can be copied out of it. */
  const copyOut = async (file: string, signal: AbortSignal): Promise<string> => {
    const copy = (to: string) =>
      run("read the identity of the node", ["cp", `${node}:${file}`, to], signal);
    try {
      return await (engine === "nerdctl" ? throughFile(copy) : copy("-")); // "-": a tar archive
    } catch (error) {
      if (error instanceof ProgramError) return ""; // a file that is not there identifies nobody
      throw error;
    }
  };

  const saidBy = async (state: "on" | "off", signal: AbortSignal): Promise<string> => {
    if (state === "on")
      return await run("look at the node", ["exec", node, "sh", "-c", IDENTITY], signal);
    const copies = [];
    for (const file of IDENTITY_FILES) copies.push(await copyOut(file, signal));
    return copies.join("\n");
  };

  /** Another machine may have a kind cluster of the same name: what is ended or started must be the very one. */
  const identify = async (signal: AbortSignal): Promise<"on" | "off"> => {
    const state = await find(signal);
    const own = (await saidBy(state, signal)).toLowerCase().split(/[\s\0]+/);
    if (!identities.some((each) => own.includes(each.toLowerCase()))) {
      throw namesake({ engine, cluster, node });
    }
    return state;
  };

  const reach = async (signal: AbortSignal): Promise<void> => void (await identify(signal));

  return {
    reach,
    async shutDown(signal) {
      await reach(signal);
      await run("shut down the node", ["stop", "-t", String(STOP_SECONDS), node], signal);
    },
    async lose(signal) {
      await reach(signal);
      await run("cut off the node", ["kill", node], signal);
    },
    async turnOn(signal) {
      if ((await identify(signal)) === "on") {
        // Whoever was killed while a node was being stopped leaves one that still runs, but not for long.
        const state = ["exec", node, "sh", "-c", "systemctl is-system-running || true"];
        const words = await run("look at the node", state, signal);
        if (words.trim() !== "stopping") return "was-on";
        await run("await the end of the node", ["wait", node], signal);
      }
      await run("turn on the node", ["start", node], signal);
      return "turned-on";
    },
    async killContainer(id, signal) {
      await reach(signal);
      const bare = id.replace(/^containerd:\/\//, "");
      const kill = ["ctr", "--namespace", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", bare];
      await run("kill a container on the node", ["exec", node, ...kill], signal);
    },
  };
}

/** nerdctl copies into files only; others would have to share their /tmp with us for that. */
async function throughFile(copy: (to: string) => Promise<unknown>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lastcall-node-"));
  try {
    await copy(join(folder, "copy"));
    return await readFile(join(folder, "copy"), "utf8");
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Named = Pick<KindNode, "engine" | "cluster" | "node">;

function notHere({ engine, cluster, node }: Named, cause: unknown): HarnessError {
  return new HarnessError(
    "MACHINE_NOT_HERE",
    `The node ${node} is a container of the kind cluster ${cluster}, and ${engine} has none of that name here.`,
    {
      hint: `Run this where the cluster was made: \`${engine} ps --filter label=${CLUSTER_LABEL}=${cluster}\` must list its nodes.`,
      ...(cause !== undefined && { cause }),
    },
  );
}

function namesake({ engine, cluster, node }: Named): HarnessError {
  return new HarnessError(
    "MACHINE_NOT_HERE",
    `The node ${node} of the kind cluster ${cluster} runs on another machine: ${engine} has a container of that name here, but neither its machine ID nor its system UUID is the one that the cluster knows of the node.`,
    {
      hint: `Run this where the cluster was made. \`${engine} cp ${node}:/etc/machine-id -\` (or \`exec ${node} cat /etc/machine-id\`) and \`kubectl get node ${node} -o jsonpath={.status.nodeInfo.machineID}\` must agree; they differ for some seconds after the node was started.`,
    },
  );
}
