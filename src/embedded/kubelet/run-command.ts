import type { RunningContainer } from "./running-container.ts";
import { localCommand } from "./running-container.ts";

/** What is kept of a command's output. */
const MAX_OUTPUT = 10 * 1024;

export interface CommandResult {
  readonly exitCode: number;
  /** Standard output and error as they came. */
  readonly output: string;
}

/** Runs a hook's or probe's command inside the container; it is killed when `signal` aborts. */
export async function runCommand(
  container: RunningContainer,
  command: readonly string[],
  signal: AbortSignal,
): Promise<CommandResult> {
  const exec = await container.process.exec(localCommand(command, container));
  exec.stdin?.end();
  let output = "";
  for (const stream of [exec.stdout, exec.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      if (output.length < MAX_OUTPUT) output += chunk;
    });
  }
  const kill = () => exec.kill();
  if (signal.aborted) kill();
  else signal.addEventListener("abort", kill, { once: true });
  try {
    const { exitCode } = await exec.exited;
    return { exitCode, output: output.slice(0, MAX_OUTPUT) };
  } finally {
    signal.removeEventListener("abort", kill);
  }
}
