import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { localCommand, type RunningContainer } from "#embedded/kubelet/running-container.ts";
import type { ExecProcess } from "#embedded/kubelet/runtime/container-runtime.ts";
import { acceptWebSocket } from "./web-socket.ts";

/** Kubernetes' subprotocols for exec; the first byte of each message is its channel. */
const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/**
 * Runs a command in the container for `kubectl exec`. The outcome is a Status on the error channel.
 * There is no terminal: with `tty` the streams are plain pipes.
 */
export function serveExec(
  upgrade: { readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer },
  container: RunningContainer,
  query: URLSearchParams,
): void {
  const started = Promise.withResolvers<ExecProcess>();
  started.promise.catch(() => {}); // told on the error channel
  const toStdin = (act: (stdin: NonNullable<ExecProcess["stdin"]>) => void) =>
    void started.promise.then(
      ({ stdin }) => stdin !== undefined && act(stdin),
      () => {},
    );
  const socket = acceptWebSocket(upgrade, PROTOCOLS, {
    onMessage: (message) => {
      const [channel, ...[target]] = message;
      if (channel === CHANNEL.stdin) toStdin((stdin) => stdin.write(message.subarray(1)));
      if (channel === CHANNEL.close && target === CHANNEL.stdin) toStdin((stdin) => stdin.end());
    },
    // As on a real node, a command goes on when its client leaves; it only gets no more input.
    onEnd: () => toStdin((stdin) => stdin.end()),
  });
  if (socket === undefined) return;
  const isWanted = (stream: string) => ["true", "1"].includes(query.get(stream) ?? "");
  const send = (channel: number, content: Buffer) =>
    socket.send(Buffer.concat([Buffer.from([channel]), content]));
  const run = async () => {
    const spec = localCommand(query.getAll("command"), container);
    const exec = await container.process.exec(spec, (stream, chunk) => {
      if (isWanted(stream)) send(CHANNEL[stream], chunk);
    });
    if (!isWanted("stdin")) exec.stdin?.end();
    started.resolve(exec);
    return (await exec.exited).exitCode;
  };
  void run()
    .then(exitStatus, (error: unknown) => {
      started.reject(error);
      return failureStatus(error);
    })
    .then((status) => {
      send(CHANNEL.error, Buffer.from(JSON.stringify(status)));
      socket.close();
    });
}

function exitStatus(exitCode: number): object {
  if (exitCode === 0) return { metadata: {}, status: "Success" };
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
  };
}

function failureStatus(error: unknown): object {
  const why = error instanceof Error ? error.message : String(error);
  const what = "error executing command in container: failed to exec in container";
  const message = `Internal error occurred: ${what}: ${why}`;
  return { metadata: {}, status: "Failure", message, reason: "InternalError", code: 500 };
}
