import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepareFileTree } from "#embedded/kubelet/file-tree/prepare-file-tree.ts";
import {
  type ContainerProcess,
  type ContainerRuntime,
  type ProcessSpec,
  StartError,
} from "./container-runtime.ts";
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
      const runtime = (ownFiles: boolean) =>
        namespaceRuntime(launchers, { watchdog, pipes }, ownFiles);
      if (!(await keepsTheRules(runtime(false), directory))) continue;
      const ownFiles = launchers.ownFiles && (await showsVolumes(runtime(true), directory));
      return runtime(ownFiles);
    }
    if (only === "pid-namespace") {
      throw new StartError(
        "This machine does not permit PID namespaces (unshare, nsenter, setpriv).",
      );
    }
  }
  return processGroupRuntime(directory, { watchdog, pipes });
}

/** A volume is seen where no directory is, by the program and by a command that joins it. */
async function showsVolumes(runtime: ContainerRuntime, directory: string): Promise<boolean> {
  const own = mkdtempSync(join(directory, "file-tree-trial-"));
  try {
    const volume = join(own, "volume");
    const place = "/lastcall-trial";
    mkdirSync(volume, { recursive: true });
    const mount = { containerPath: place, localPath: volume, readOnly: false };
    const fileTree = prepareFileTree([mount], { directory: own, readOnly: false });
    const shell = (script: string) => ({ ...trialShell(script, place), fileTree });
    return await passes(runtime, shell("echo > seen; sleep 60"), async (container) => {
      const script = `until [ -e seen ]; do sleep 0.01; done; [ "$PWD" = ${place} ] && exit 7`;
      return (await exitCodeOf(container, shell(script))) === 7 && existsSync(join(volume, "seen"));
    });
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** PID 1 survives an uncaught SIGTERM, commands can join it, and its death by SIGKILL is reported as 137. */
async function keepsTheRules(runtime: ContainerRuntime, directory: string): Promise<boolean> {
  const shell = (script: string) => trialShell(script, directory);
  return await passes(runtime, shell("sleep 60; true"), async (container) => {
    container.terminate();
    const exitCode = await exitCodeOf(container, shell("kill -TERM 1; exit 7"));
    container.kill();
    return exitCode === 7 && (await container.exited).exitCode === 137;
  });
}

function trialShell(script: string, workingDirectory: string): ProcessSpec {
  return {
    command: ["/bin/sh", "-c", script],
    workingDirectory,
    env: { PATH: "/usr/bin:/bin" },
  };
}

/** Runs a container for a trial and for no longer; what cannot be tried does not work. */
async function passes(
  runtime: ContainerRuntime,
  spec: ProcessSpec,
  trial: (container: ContainerProcess) => Promise<boolean>,
): Promise<boolean> {
  const container = await runtime.start(spec, () => {}).catch(() => undefined);
  if (container === undefined) return false;
  const tooLate = setTimeout(() => container.kill(), TRIAL_MS);
  try {
    return await trial(container);
  } catch {
    return false;
  } finally {
    clearTimeout(tooLate);
    container.kill();
    await container.exited;
  }
}

async function exitCodeOf(container: ContainerProcess, spec: ProcessSpec): Promise<number> {
  const command = await container.exec(spec, () => {});
  command.stdin?.end();
  return (await command.exited).exitCode;
}
