import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { StartError } from "./container-runtime.ts";

/**
 * The file that `name` stands for, found as a container runtime finds it: a name with a slash as it is
 * (from the working directory), any other name in the PATH of the container's own environment.
 */
export function findExecutable(
  name: string,
  workingDirectory: string,
  path: string | undefined,
): string {
  if (name.includes("/")) {
    const file = isAbsolute(name) ? name : join(workingDirectory, name);
    const problem = whyNotExecutable(file);
    if (problem !== undefined) throw new StartError(`exec: ${JSON.stringify(name)}: ${problem}`);
    return file;
  }
  for (const directory of (path ?? "").split(":")) {
    const file = join(directory === "" ? workingDirectory : directory, name);
    if (name !== "" && whyNotExecutable(file) === undefined) return file;
  }
  throw new StartError(`exec: ${JSON.stringify(name)}: executable file not found in $PATH`);
}

/** A missing working directory would otherwise look like a missing program: the system names neither. */
export function checkWorkingDirectory(directory: string): void {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return;
  const problem = stat === undefined ? "no such file or directory" : "not a directory";
  throw new StartError(`chdir to cwd (${JSON.stringify(directory)}) failed: ${problem}`);
}

function whyNotExecutable(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return `stat ${file}: no such file or directory`;
  if (stat.isDirectory()) return "is a directory";
  try {
    accessSync(file, constants.X_OK);
    return undefined;
  } catch {
    return "permission denied";
  }
}
