import { randomBytes } from "node:crypto";
import { runCommand } from "#embedded/kubelet/run-command.ts";
import type { RunningContainer } from "#embedded/kubelet/running-container.ts";
import { StartError } from "#embedded/kubelet/runtime/container-runtime.ts";
import type { ProbeOutcome } from "./probe-outcome.ts";

/** Exit code 0 is success; a command that runs out of time is killed and counts as failed. */
export async function probeExec(
  container: RunningContainer,
  command: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const result = await runCommand(container, command, AbortSignal.any([timeout, signal]));
    if (timeout.aborted) return { type: "failure", message: describeTimeout(command, timeoutMs) };
    if (result.exitCode === 0) return { type: "success" };
    return { type: "failure", message: result.output };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const prefix = "rpc error: code = Unknown desc = failed to exec in container";
    const state = error.message === "container is not running";
    const why = state ? "container is in CONTAINER_EXITED state" : execFailure(error.message);
    return { type: "error", message: `${prefix}: ${why}` };
  }
}

/** A real node names each attempt anew, so that no two of these events are the same. */
function execFailure(message: string): string {
  const id = randomBytes(32).toString("hex");
  const layers = "OCI runtime exec failed: exec failed: unable to start container process";
  return `failed to start exec "${id}": ${layers}: ${message}`;
}

function describeTimeout(command: readonly string[], timeoutMs: number): string {
  const text = JSON.stringify(command.join(" "));
  return `command timed out: ${text} timed out after ${timeoutMs / 1000}s`;
}
