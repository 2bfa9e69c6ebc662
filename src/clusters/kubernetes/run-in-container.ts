import { Writable } from "node:stream";
import type { KubeConfig, V1Status } from "@kubernetes/client-node";
import type { CommandOutcome } from "#ports/cluster-objects.ts";

interface ContainerCommand {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
}

/** A command that has not ended by then is not one of ours. */
const LIMIT_MS = 30_000;

/** `kubectl exec` without input or terminal; the first 4 KiB of what it says are kept. */
export async function runInContainer(
  config: KubeConfig,
  { namespace, pod, container, command }: ContainerCommand,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  signal.throwIfAborted();
  const said: Buffer[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (said.length < 16) said.push(chunk.subarray(0, 256));
      done();
    },
  });
  const { promise, resolve } = Promise.withResolvers<V1Status | CommandOutcome>();
  const lose = (message: string) => resolve({ type: "lost", message });
  const timer = setTimeout(() => lose(`no end within ${LIMIT_MS / 1000} s`), LIMIT_MS);
  const done = new AbortController();
  let close = () => {}; // nothing is open yet
  try {
    // Loading the library takes about half a second, so only who runs something pays for it.
    const { Exec } = await import("@kubernetes/client-node");
    const exec = new Exec(config);
    const program = [...command];
    // biome-ignore format: the library's nine parameters, as one line
    const opening = exec.exec(namespace, pod, container, program, output, output, null, false, resolve);
    // A server may take the connection and never answer: then nobody waits for it any longer.
    close = () => void opening.then((socket) => socket.close()).catch(() => undefined);
    const opened = opening.then((socket) => {
      socket.onclose = () => lose("the connection was closed before its answer");
      return promise;
    });
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { signal: done.signal });
    });
    const answer = await Promise.race([promise, opened, aborted]);
    if ("type" in answer) return answer;
    return outcomeOf(answer, Buffer.concat(said).toString());
  } catch (error) {
    signal.throwIfAborted();
    // A server that refuses or was never reached starts nothing; one that does not answer may have.
    const message = wordsOf(error);
    const isRefusal = /Unexpected server response/.test(message) || neverReached(error);
    return { type: isRefusal ? "not-run" : "lost", message };
  } finally {
    clearTimeout(timer);
    done.abort();
    close();
  }
}

/** What a container runtime says of a program that it could not start. */
const NEVER_STARTED =
  /executable file not found|no such file|permission denied|OCI runtime exec failed|failed to start exec|container not found|failed to find container|no running task|not running|not in running state|CONTAINER_EXITED/i;

function outcomeOf(status: V1Status, output: string): CommandOutcome {
  if (status.status === "Success") return { type: "ended", exitCode: 0, output: output.trim() };
  const cause = status.details?.causes?.find(({ reason }) => reason === "ExitCode");
  if (cause !== undefined) {
    return { type: "ended", exitCode: Number(cause.message), output: output.trim() };
  }
  const { message = "no reason was given" } = status;
  return { type: NEVER_STARTED.test(message) ? "not-run" : "lost", message };
}

/** The name was not resolved, or no address of it took the connection. */
function neverReached(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  if ("error" in error) return neverReached(error.error); // the WebSocket's event around its cause
  if ("errors" in error && Array.isArray(error.errors)) return error.errors.every(neverReached);
  return "syscall" in error && ["connect", "getaddrinfo"].includes(String(error.syscall));
}

/** The library rejects with the WebSocket's own event, which says little more than that it failed. */
function wordsOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : String(error);
}
