import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kindNodes } from "./kind-nodes.ts";
import type { KindTools } from "./kind-tools.ts";
import { runProgram } from "./run-program.ts";

/** Deleting takes some 5 s; an engine that hangs must not hang us. */
const LIMIT_MS = 120_000;

/** An engine that was asked for a container just before an abort may still have started it afterwards. */
const TRIES = 3;

/**
 * Removes the cluster with all its containers, whatever state they are in, and never throws: what cannot
 * be removed is told, with the command that does it.
 */
export async function deleteKindCluster(name: string, tools: KindTools): Promise<void> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const byHand = `kind delete cluster --name ${name}`;
  try {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      await deleteOnce(name, tools, signal);
      if ((await kindNodes(name, tools, signal)).length === 0) return;
    }
    tools.tell(`The kind cluster ${name} still has nodes. Remove it by hand: ${byHand}`);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    tools.tell(`${words}\nRemove it by hand: ${byHand}`);
  }
}

async function deleteOnce(name: string, { engine }: KindTools, signal: AbortSignal): Promise<void> {
  // kind takes the cluster out of a kubeconfig, too, and the user's own must not be locked for it.
  const folder = await mkdtemp(join(tmpdir(), "lastcall-kind-"));
  try {
    await runProgram(
      {
        file: "kind",
        args: ["delete", "cluster", "--name", name, "--kubeconfig", join(folder, "kubeconfig")],
        attempt: `delete the kind cluster ${name}`,
        env: engine.env,
      },
      signal,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
