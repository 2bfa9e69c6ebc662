import { type ContainerRuntime, type ProcessSpec, StartError } from "./container-runtime.ts";
import { namespaceRuntime } from "./namespace-runtime.ts";
import { type NamespaceRecipe, namespaceLaunchers } from "./namespace-tools.ts";
import { OutputPipes } from "./output-pipes.ts";
import { processGroupRuntime } from "./process-group-runtime.ts";
import type { Watchdog } from "./watchdog.ts";

/** Best first. Root needs no user namespace; some sandboxes forbid a new /proc and nothing else. */
const RECIPES: readonly NamespaceRecipe[] = [
  { userNamespace: false, ownProc: true },
  { userNamespace: false, ownProc: false },
  { userNamespace: true, ownProc: true },
  { userNamespace: true, ownProc: false },
];

/** How long a recipe may take to show what it can do; a hanging tool is a recipe that does not work. */
const TRIAL_MS = 5_000;

/**
 * PID namespaces if this machine permits them, else process groups. Nothing is concluded from versions
 * or user ids: a recipe is used when a trial container has kept the rules of PID 1 under it.
 */
export async function detectRuntime(options: {
  readonly directory: string;
  readonly watchdog: Watchdog;
  /** Forces one of the two; the namespaces still have to pass the trial. */
  readonly only?: ContainerRuntime["type"];
}): Promise<ContainerRuntime> {
  const { directory, watchdog, only } = options;
  const pipes = new OutputPipes(directory);
  if (only !== "process-group") {
    const root = process.geteuid?.() === 0;
    for (const recipe of RECIPES) {
      if (!root && !recipe.userNamespace) continue;
      const launchers = namespaceLaunchers(recipe);
      if (launchers === undefined) break;
      const runtime = namespaceRuntime(launchers, { watchdog, pipes });
      if (await keepsTheRules(runtime, directory)) return runtime;
    }
    if (only === "pid-namespace") {
      throw new StartError(
        "This machine does not permit PID namespaces (unshare, nsenter, setpriv).",
      );
    }
  }
  return processGroupRuntime(directory, { watchdog, pipes });
}

/** PID 1 survives an uncaught SIGTERM, commands can join it, and its death by SIGKILL is reported as 137. */
async function keepsTheRules(runtime: ContainerRuntime, directory: string): Promise<boolean> {
  const shell = (script: string): ProcessSpec => ({
    command: ["/bin/sh", "-c", script],
    workingDirectory: directory,
    env: { PATH: "/usr/bin:/bin" },
  });
  const ignored = () => {};
  const container = await runtime.start(shell("sleep 60; true"), ignored).catch(() => undefined);
  if (container === undefined) return false;
  const tooLate = setTimeout(() => container.kill(), TRIAL_MS);
  try {
    container.terminate();
    const command = await container.exec(shell("kill -TERM 1; exit 7"), ignored);
    command.stdin?.end();
    const { exitCode } = await command.exited;
    container.kill();
    return exitCode === 7 && (await container.exited).exitCode === 137;
  } catch {
    return false;
  } finally {
    clearTimeout(tooLate);
    container.kill();
    await container.exited;
  }
}
