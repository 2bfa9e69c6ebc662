import { type ProcessSpec, type ProcessUser, StartError } from "./container-runtime.ts";
import { findExecutable } from "./find-executable.ts";

/** Where the system's own tools are looked for, whatever the harness's PATH says. */
const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

/** The path of a tool of util-linux or coreutils, or undefined where it is not installed. */
export function findTool(name: string): string | undefined {
  try {
    return findExecutable(name, "/", SYSTEM_PATH);
  } catch {
    return undefined;
  }
}

/** A tool that was there stays there: every start of a container asks. */
const found = new Map<string, string>();

/** Throws where the tool is not installed. */
export function requireTool(name: string, origin = "util-linux"): string {
  const tool = found.get(name) ?? findTool(name);
  if (tool === undefined) throw new StartError(`${name} is not installed (${origin})`);
  found.set(name, tool);
  return tool;
}

/** `setpriv --pdeathsig KILL`: the kernel kills the program as soon as its parent is gone. */
export function dieWithParent(): readonly string[] {
  const setpriv = findTool("setpriv");
  return setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL"];
}

/** In front of everything else: it runs in the network of that namespace. */
export function joinNetwork(namespace: string | undefined): readonly string[] {
  if (namespace === undefined) return [];
  return [requireTool("nsenter"), `--net=${namespace}`, "--"];
}

/** The last step before a program that is to run as somebody else. */
export function becomeUser(user: ProcessUser | undefined): readonly string[] {
  if (user === undefined) return [];
  const { uid, gid, groups, noNewPrivileges } = user;
  return [
    ...[requireTool("setpriv"), `--reuid=${uid}`, `--regid=${gid}`],
    groups.length > 0 ? `--groups=${groups.join(",")}` : "--clear-groups",
    ...(noNewPrivileges ? ["--no-new-privs"] : []),
    // A change of user takes the bond with the parent away.
    ...["--pdeathsig", "KILL", "--"],
  ];
}

/** In front of a program in a file tree of its own: it joins the mount namespace, and goes to its directory. */
export function joinFileTree(namespace: string, workingDirectory: string): readonly string[] {
  return [requireTool("nsenter"), `--mount=${namespace}`, "--", ...goTo(workingDirectory)];
}

function goTo(workingDirectory: string): readonly string[] {
  return [requireTool("env", "coreutils"), `--chdir=${workingDirectory}`];
}

/** One way of making a PID namespace; which ways work depends on the kernel and on who we are. */
export interface NamespaceRecipe {
  /** An ordinary user needs a user namespace around it. */
  readonly userNamespace: boolean;
  /** A /proc of its own, so that `ps` and `pidof` in a hook see the container only. */
  readonly ownProc: boolean;
}

/** The launchers of a recipe: every step execs the next, only `timeout` forks. */
export interface NamespaceLaunchers {
  /** Whether there is a mount namespace in which a file tree could be put together. */
  readonly ownFiles: boolean;
  /** In front of the main process. It becomes PID 1, and the only child of what we start. */
  readonly start: readonly string[];
  /** In front of a command that joins the namespaces of PID 1. */
  exec(pidOne: number, spec: ProcessSpec): readonly string[];
}

/**
 * `unshare --pid` puts the next child into a new PID namespace. `timeout --foreground 0` is there for
 * its fork: it waits for that child for ever and ends exactly as the child ended, by the same code or
 * the same signal; `unshare --fork` reports a death by SIGKILL as exit 1 in some releases.
 *
 *   setpriv ─ unshare --pid ─ timeout ═fork═ unshare --mount-proc ─ setpriv ─ program (PID 1)
 */
export function namespaceLaunchers(recipe: NamespaceRecipe): NamespaceLaunchers | undefined {
  const unshare = findTool("unshare");
  const nsenter = findTool("nsenter");
  const setpriv = findTool("setpriv");
  const timeout = findTool("timeout");
  if (!unshare || !nsenter || !setpriv || !timeout) return undefined;
  const parentDeath = [setpriv, "--pdeathsig", "KILL"];
  const user = recipe.userNamespace ? ["--user", "--map-current-user", "--keep-caps"] : [];
  // The capabilities inside the user namespace serve the mount only; the program gets none of them.
  const dropCaps = recipe.userNamespace ? ["--ambient-caps", "-all", "--inh-caps", "-all"] : [];
  const forkAndWait = [timeout, "--foreground", "0"];
  const program = [...parentDeath, ...dropCaps, "--"];
  const proc = recipe.ownProc ? [unshare, "--mount-proc"] : [];
  const joinUser = recipe.userNamespace ? ["--user", "--preserve-credentials"] : [];
  const joinMount = recipe.ownProc ? ["--mount"] : [];
  return {
    ownFiles: recipe.ownProc,
    start: [...parentDeath, unshare, ...user, "--pid", ...forkAndWait, ...proc, ...program],
    exec: (pidOne, { workingDirectory, fileTree }) => [
      ...[...parentDeath, nsenter, "--target", String(pidOne), "--pid", "--no-fork"],
      ...[...joinMount, ...joinUser],
      // nsenter looks for the directory before it joins, where a volume lies elsewhere.
      ...(fileTree === undefined ? [`--wd=${workingDirectory}`] : []),
      ...[...forkAndWait, ...(fileTree === undefined ? [] : goTo(workingDirectory)), ...program],
    ],
  };
}
