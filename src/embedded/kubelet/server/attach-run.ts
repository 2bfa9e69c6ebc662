import type { ContainerLog } from "#embedded/kubelet/container-log.ts";
import type { RunningContainer } from "#embedded/kubelet/running-container.ts";
import { type ExecInput, type ExecOutput, isWanted } from "./exec-run.ts";

/** What a client of `kubectl attach` asks for, and where it listens. */
interface Attachment {
  readonly query: URLSearchParams;
  readonly output: ExecOutput;
}

/**
 * Shows what the container's main process writes from now on, and gives it what the client types. Its input
 * is there only if the container asks for it; with `stdinOnce` the first client that has no more to say closes it.
 * Without, that client is let go, and the input stays open for the next.
 */
export function attachTo(
  { spec, process }: RunningContainer,
  log: ContainerLog,
  { query, output }: Attachment,
): ExecInput {
  const leave = log.tap((stream, chunk) => {
    if (isWanted(query, stream)) output.write(stream, chunk);
  });
  let isOver = false;
  const finish = () => {
    if (isOver) return;
    isOver = true;
    leave();
    output.finish({ metadata: {}, status: "Success" });
  };
  void process.exited.then(finish);
  const stdin = isWanted(query, "stdin") ? process.stdin : undefined;
  return {
    write: (chunk) => void stdin?.write(chunk),
    end: () => {
      if (stdin === undefined) return;
      if (spec["stdinOnce"] === true) stdin.end();
      else finish();
    },
  };
}
