import { PassThrough, Writable } from "node:stream";
import type { KubeConfig, V1Status } from "@kubernetes/client-node";
import { HarnessError } from "#domain/errors.ts";
import type { ContainerSession, SessionRequest } from "#ports/cluster-objects.ts";

/** So much of what a program complains about is told when it ends. */
const COMPLAINT_CHARACTERS = 500;

/** `kubectl exec -i`: the program's output is no container log, so nothing rotates or stores it. */
export async function openSession(
  config: KubeConfig,
  { namespace, pod, container, command, onOutput }: SessionRequest,
  signal: AbortSignal,
): Promise<ContainerSession> {
  signal.throwIfAborted();
  const ended = Promise.withResolvers<string>();
  const input = new PassThrough();
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      onOutput(chunk);
      done();
    },
  });
  let complaint = "";
  const errors = new Writable({
    write(chunk: Buffer, _encoding, done) {
      complaint = `${complaint}${chunk}`.slice(-COMPLAINT_CHARACTERS);
      done();
    },
  });
  const onStatus = (status: V1Status) => ended.resolve(describeEnd(status, complaint));
  try {
    const { Exec } = await import("@kubernetes/client-node");
    const exec = new Exec(config);
    const program = [...command];
    // biome-ignore format: the library's nine parameters, as one line
    const socket = await exec.exec(namespace, pod, container, program, output, errors, input, false, onStatus);
    socket.onclose = () => ended.resolve("the connection with its pod was closed");
    const close = () => {
      input.end();
      socket.close();
    };
    if (signal.aborted) close();
    signal.throwIfAborted();
    return {
      send: (text) => void (socket.readyState === socket.OPEN && input.write(text)),
      ended: ended.promise,
      close,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw new HarnessError(
      "SESSION_REFUSED",
      `Could not run ${command.join(" ")} in pod ${namespace}/${pod}: ${wordsOf(error)}`,
      {
        hint: `This needs the verbs get and create on pods/exec in ${namespace}: kubectl auth can-i create pods/exec -n ${namespace}`,
        cause: error,
      },
    );
  }
}

function describeEnd({ status, message }: V1Status, complaint: string): string {
  const how = status === "Success" ? "its program ended" : (message ?? "its program failed");
  return complaint.trim() === "" ? how : `${how}: ${complaint.trim()}`;
}

/** The library rejects with the WebSocket's own event, which says little more than that it failed. */
function wordsOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : String(error);
}
