import type { Container } from "#embedded/api/objects.ts";
import { type LocalPath, toLocalPaths } from "./local-paths.ts";
import type { ContainerProcess, ProcessSpec } from "./runtime/container-runtime.ts";
import { checkWorkingDirectory, findExecutable } from "./runtime/find-executable.ts";

/** A container instance whose main process has been started, and what a command inside it needs. */
export interface RunningContainer {
  readonly id: string;
  readonly spec: Container;
  readonly process: ContainerProcess;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly LocalPath[];
  readonly networkNamespace?: string | undefined;
}

/** A command as this machine has to run it; throws a StartError where a container runtime would. */
export function localCommand(
  command: readonly string[],
  place: Pick<RunningContainer, "workingDirectory" | "env" | "mounts" | "networkNamespace">,
): ProcessSpec {
  const { workingDirectory, env, mounts, networkNamespace } = place;
  const [program = "", ...args] = command.map((part) => toLocalPaths(part, mounts));
  checkWorkingDirectory(workingDirectory);
  const file = findExecutable(program, workingDirectory, env["PATH"]);
  return { command: [file, ...args], workingDirectory, env, networkNamespace };
}
