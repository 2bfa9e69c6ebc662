import { toContainerPaths } from "./local-paths.ts";
import type { RunningContainer } from "./running-container.ts";
import { localCommand } from "./running-container.ts";

/** What is kept of a command's output. */
const MAX_OUTPUT = 10 * 1024;

/** Most who ask look at the exit code only, so the texts are made when they are read. */
export interface CommandResult {
  readonly exitCode: number;
  /** Standard output and error as they came. */
  readonly output: string;
  /** Only standard error. */
  readonly errors: string;
}

/** Runs a hook's or probe's command inside the container; it is killed when `signal` aborts. */
export async function runCommand(
  container: RunningContainer,
  command: readonly string[],
  signal: AbortSignal,
): Promise<CommandResult> {
  const chunks: { readonly stream: string; readonly chunk: Buffer }[] = [];
  let bytes = 0;
  const exec = await container.process.exec(localCommand(command, container), (stream, chunk) => {
    if (bytes < MAX_OUTPUT) chunks.push({ stream, chunk });
    bytes += chunk.length;
  });
  const text = (wanted: typeof chunks) =>
    toContainerPaths(
      Buffer.concat(wanted.map(({ chunk }) => chunk)).toString(),
      container.mounts,
    ).slice(0, MAX_OUTPUT);
  exec.stdin?.end();
  const kill = () => exec.kill();
  if (signal.aborted) kill();
  else signal.addEventListener("abort", kill, { once: true });
  try {
    const { exitCode } = await exec.exited;
    return {
      exitCode,
      get output() {
        return text(chunks);
      },
      get errors() {
        return text(chunks.filter(({ stream }) => stream === "stderr"));
      },
    };
  } finally {
    signal.removeEventListener("abort", kill);
  }
}
