import { connect } from "node:net";

/**
 * Whether a TCP connection can be made in time; the answer is `open`, or why not, in the system's words.
 * Rejects only when the signal aborts.
 */
export function probeTcp(
  {
    host,
    port,
    timeoutMs,
  }: { readonly host: string; readonly port: number; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<"open" | string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host, port, timeout: timeoutMs, signal });
  const settle = (answer: string) => {
    socket.destroy();
    resolve(answer);
  };
  socket.on("connect", () => settle("open"));
  socket.on("timeout", () => settle(`no answer within ${timeoutMs} ms`));
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (signal.aborted) reject(signal.reason);
    else settle(error.code ?? error.message);
  });
  return promise;
}
