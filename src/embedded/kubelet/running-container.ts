import type { Container } from "#embedded/api/objects.ts";
import type { FileTree } from "./file-tree/prepare-file-tree.ts";
import { type LocalPath, toContainerPath, toLocalPaths } from "./local-paths.ts";
import type { ContainerProcess, ProcessSpec, ProcessUser } from "./runtime/container-runtime.ts";
import { checkWorkingDirectory, findExecutable } from "./runtime/find-executable.ts";
import type { MemoryHold } from "./usage/memory-hold.ts";

/** A container instance whose main process has been started, and what a command inside it needs. */
export interface RunningContainer {
  readonly id: string;
  readonly spec: Container;
  readonly process: ContainerProcess;
  readonly memory: MemoryHold;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  /** What the program is told to find elsewhere. */
  readonly mounts: readonly LocalPath[];
  /** What it finds at its place, in a file tree of its own. */
  readonly ownMounts: readonly LocalPath[];
  readonly fileTree?: FileTree | undefined;
  readonly networkNamespace?: string | undefined;
  readonly user?: ProcessUser | undefined;
}

/** A command as this machine has to run it; throws a StartError where a container runtime would. */
export function localCommand(
  command: readonly string[],
  place: Omit<RunningContainer, "id" | "spec" | "process" | "memory">,
): ProcessSpec {
  const { workingDirectory, env, mounts, ownMounts, fileTree, networkNamespace, user } = place;
  const [program = "", ...args] = command.map((part) => toLocalPaths(part, mounts));
  // The program is looked for from here, where what it sees lies elsewhere.
  const directory = toLocalPaths(workingDirectory, ownMounts);
  checkWorkingDirectory(directory);
  const file = findExecutable(toLocalPaths(program, ownMounts), directory, env["PATH"]);
  // A program knows itself by the name that it was called by, and puts that before what it has to say.
  const seen = program.includes("/") ? toContainerPath(file, ownMounts) : program;
  return { command: [seen, ...args], workingDirectory, env, fileTree, networkNamespace, user };
}
