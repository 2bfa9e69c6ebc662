import { ProgramError, runProgram } from "#clusters/kind/run-program.ts";
import { HarnessError } from "#domain/errors.ts";
import type { Machine } from "./machine.ts";

/** A node of kind's: a container of that engine. */
interface KindNode {
  readonly engine: string;
  readonly cluster: string;
  readonly node: string;
}

/** systemd gives what it stops 90 s; then the engine kills. */
const STOP_SECONDS = 100;

/** The label by which kind knows its containers. */
const CLUSTER_LABEL = "io.x-k8s.kind.cluster";

/**
 * The container that kind made for a node. Stopping it is what a power button does: systemd ends kubelet and pods
 * in order. Killing it is the loss of its power.
 */
export function kindMachine({ engine, cluster, node }: KindNode): Machine {
  const run = (attempt: string, args: readonly string[], signal: AbortSignal) =>
    runProgram({ file: engine, args, attempt: `${attempt} ${node} of kind's` }, signal);

  /** The name comes from the cluster: it must not lead to a container that is none of its nodes. */
  const reach = async (signal: AbortSignal): Promise<void> => {
    const format = `{{index .Config.Labels "${CLUSTER_LABEL}"}}`;
    const owner = await run("find the node", ["inspect", "--format", format, node], signal).catch(
      (error: unknown) => {
        if (error instanceof ProgramError) throw notHere({ engine, cluster, node }, error);
        throw error;
      },
    );
    if (owner.trim() !== cluster) throw notHere({ engine, cluster, node }, undefined);
  };

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
      await reach(signal);
      const isOn = ["inspect", "--format", "{{.State.Running}}", node];
      if ((await run("look at the node", isOn, signal)).trim() === "true") {
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

function notHere({ engine, cluster, node }: KindNode, cause: unknown): HarnessError {
  return new HarnessError(
    "MACHINE_NOT_HERE",
    `The node ${node} is a container of the kind cluster ${cluster}, and ${engine} has none of that name here.`,
    {
      hint: `Run this where the cluster was made: \`${engine} ps --filter label=${CLUSTER_LABEL}=${cluster}\` must list its nodes.`,
      ...(cause !== undefined && { cause }),
    },
  );
}
