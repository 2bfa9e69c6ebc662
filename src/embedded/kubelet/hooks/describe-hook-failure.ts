import type { Container, Handler, Pod } from "#embedded/api/objects.ts";
import { describeFailedGet, portOf, urlOf } from "#embedded/kubelet/http-get.ts";
import { describeNetworkError } from "#embedded/kubelet/network-errors.ts";
import type { CommandResult } from "#embedded/kubelet/run-command.ts";

/** A hook's command that did not exit with 0. */
export class HookCommandError extends Error {
  readonly output: string;

  constructor(command: readonly string[], { exitCode, output, errors }: CommandResult) {
    super(`command '${command.join(" ")}' exited with ${exitCode}: ${errors}`);
    this.name = "HookCommandError";
    this.output = output;
  }
}

/** Why a hook failed, as the status of a container says it whose postStart hook did. */
export function describeHookFailure(
  handler: Handler,
  where: { readonly pod: Pod; readonly container: Container; readonly podIP: string },
  error: unknown,
): string {
  const { pod, container, podIP } = where;
  const { namespace, name, uid } = pod.metadata;
  const whose = `for Container "${container.name}" in Pod "${name}_${namespace}(${uid})" failed`;
  const reason = error instanceof Error ? error.message : String(error);
  if (handler.exec !== undefined) {
    const output = JSON.stringify(error instanceof HookCommandError ? error.output : "");
    const command = handler.exec.command.join(" ");
    return `Exec lifecycle hook ([${command}]) ${whose} - error: ${reason}, message: ${output}`;
  }
  if (handler.httpGet === undefined) return reason;
  const http = isNetworkError(error)
    ? describeRequest(urlOf(handler.httpGet, container, podIP), error)
    : reason;
  return `HTTP lifecycle hook (${handler.httpGet.path ?? "/"}) ${whose} - error: ${http}`;
}

function isNetworkError(error: unknown): boolean {
  return error instanceof Error && "code" in error;
}

function describeRequest(url: URL, error: unknown): string {
  const problem = describeNetworkError(error, { host: url.hostname, port: portOf(url) });
  return describeFailedGet(url, problem);
}
