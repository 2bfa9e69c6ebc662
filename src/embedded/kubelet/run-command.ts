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
  const chunks: Buffer[] = [];
  let bytes = 0;
  const exec = await container.process.exec(localCommand(command, container), (_, chunk) => {
    if (bytes < MAX_OUTPUT) chunks.push(chunk);
    bytes += chunk.length;
  });
  exec.stdin?.end();
  const kill = () => exec.kill();
  if (signal.aborted) kill();
  else signal.addEventListener("abort", kill, { once: true });
  try {
    const { exitCode } = await exec.exited;
    return { exitCode, output: Buffer.concat(chunks).toString().slice(0, MAX_OUTPUT) };
  } finally {
    signal.removeEventListener("abort", kill);
  }
}
