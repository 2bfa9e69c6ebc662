import type { ContainerLog } from "#embedded/kubelet/container-log.ts";
import type { RunningContainer } from "#embedded/kubelet/running-container.ts";
import { attachTo } from "./attach-run.ts";
import { type ExecInput, type ExecOutput, isWanted, runExec } from "./exec-run.ts";
import { acceptSpdy } from "./spdy/accept-spdy.ts";
import type { SpdyStream } from "./spdy/spdy-session.ts";
import { type Upgrade, wantsSpdy } from "./upgrade.ts";
import { acceptWebSocket } from "./web-socket.ts";

/** Kubernetes' subprotocols for exec; the first byte of each message of a WebSocket is its channel. */
const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

/** The first of them: a failure is told as text, and a success by the end alone. */
const PLAIN = "channel.k8s.io";

const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** Runs a command in the container for `kubectl exec`. */
export function serveExec(
  upgrade: Upgrade,
  container: RunningContainer,
  query: URLSearchParams,
): void {
  serveStreams(upgrade, query, (output) => runExec(container, query, output));
}

/** Joins a client with the container's main process for `kubectl attach`. */
export function serveAttach(
  upgrade: Upgrade,
  { running, log }: { readonly running: RunningContainer; readonly log: ContainerLog },
  query: URLSearchParams,
): void {
  serveStreams(upgrade, query, (output) => attachTo(running, log, { query, output }));
}

/** What begins when the client is there: it takes the output and gives the way in. */
type Begin = (output: ExecOutput) => ExecInput;

/** The outcome is a Status on the error channel. */
function serveStreams(upgrade: Upgrade, query: URLSearchParams, begin: Begin): void {
  if (wantsSpdy(upgrade)) serveOverSpdy(upgrade, query, begin);
  else serveOverWebSocket(upgrade, begin);
}

function serveOverWebSocket(upgrade: Upgrade, begin: Begin): void {
  let input: ExecInput | undefined;
  const socket = acceptWebSocket(upgrade, [...PROTOCOLS, PLAIN], {
    onMessage: (message) => {
      const [channel, ...[target]] = message;
      if (channel === CHANNEL.stdin) input?.write(message.subarray(1));
      if (channel === CHANNEL.close && target === CHANNEL.stdin) input?.end();
    },
    onEnd: () => input?.end(),
  });
  if (socket === undefined) return;
  const send = (channel: number, content: Buffer) =>
    socket.send(Buffer.concat([Buffer.from([channel]), content]));
  input = begin({
    write: (stream, chunk) => send(CHANNEL[stream], chunk),
    finish: (status) => {
      const text = socket.protocol === PLAIN ? status.message : JSON.stringify(status);
      if (text !== undefined) send(CHANNEL.error, Buffer.from(text));
      socket.close();
    },
  });
}

/** The streams of a command begin when the client has opened all that it has asked for. */
function serveOverSpdy(upgrade: Upgrade, query: URLSearchParams, begin: Begin): void {
  const streams = new Map<string, SpdyStream>();
  const expected = [
    "error",
    ...["stdin", "stdout", "stderr"].filter((one) => isWanted(query, one)),
  ];
  const start = () => {
    const input = begin({
      write: (stream, chunk) => void streams.get(stream)?.write(chunk),
      finish: (status) => {
        streams.get("error")?.write(Buffer.from(JSON.stringify(status)));
        for (const stream of streams.values()) stream.end();
        end?.();
      },
    });
    streams.get("stdin")?.listen({
      onData: (chunk) => input.write(chunk),
      onEnd: () => input.end(),
    });
  };
  const end = acceptSpdy(upgrade, ["v4.channel.k8s.io"], {
    onStream: (stream) => {
      const type = stream.headers.get("streamtype") ?? "";
      const isNew = !streams.has(type);
      streams.set(type, stream);
      if (isNew && expected.includes(type) && expected.every((one) => streams.has(one))) start();
    },
  });
}
