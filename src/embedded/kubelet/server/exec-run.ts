import { localCommand, type RunningContainer } from "#embedded/kubelet/running-container.ts";
import type { ExecProcess } from "#embedded/kubelet/runtime/container-runtime.ts";
import { withAskedNames } from "./tar-names.ts";

/** Where a command's output goes, and what becomes of it in the end. */
export interface ExecOutput {
  write(stream: "stdout" | "stderr", chunk: Buffer): void;
  /** A Status; afterwards nothing more is to be said. */
  finish(status: ExecStatus): void;
}

/** A Status of the API; a success needs no words. */
export interface ExecStatus {
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly [field: string]: unknown;
}

/** What the client gives the command to read. */
export interface ExecInput {
  write(chunk: Buffer): void;
  end(): void;
}

/**
 * Runs the command that a query asks for in the container. There is no terminal: with `tty` the streams are
 * plain pipes. As on a real node, a command goes on when its client leaves; it only gets no more input.
 */
export function runExec(
  container: RunningContainer,
  query: URLSearchParams,
  output: ExecOutput,
): ExecInput {
  const started = Promise.withResolvers<ExecProcess>();
  started.promise.catch(() => {}); // told by the status
  const run = async () => {
    const asked = query.getAll("command");
    const spec = withAskedNames(asked, localCommand(asked, container));
    const exec = await container.process.exec(spec, (stream, chunk) => {
      if (isWanted(query, stream)) output.write(stream, chunk);
    });
    if (!isWanted(query, "stdin")) exec.stdin?.end();
    started.resolve(exec);
    return (await exec.exited).exitCode;
  };
  void run()
    .then(exitStatus, (error: unknown) => {
      started.reject(error);
      return failureStatus(error);
    })
    .then((status) => output.finish(status));
  const toStdin = (act: (stdin: NonNullable<ExecProcess["stdin"]>) => void) =>
    void started.promise.then(
      ({ stdin }) => stdin !== undefined && act(stdin),
      () => {},
    );
  return {
    write: (chunk) => toStdin((stdin) => stdin.write(chunk)),
    end: () => toStdin((stdin) => stdin.end()),
  };
}

/** Whether the client has asked for that stream. */
export function isWanted(query: URLSearchParams, stream: string): boolean {
  return ["true", "1"].includes(query.get(stream) ?? "");
}

function exitStatus(exitCode: number): ExecStatus {
  if (exitCode === 0) return { metadata: {}, status: "Success" };
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
  };
}

function failureStatus(error: unknown): ExecStatus {
  const why = error instanceof Error ? error.message : String(error);
  const what = "error executing command in container: failed to exec in container";
  const message = `Internal error occurred: ${what}: ${why}`;
  return { metadata: {}, status: "Failure", message, reason: "InternalError", code: 500 };
}
