import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openFileTree } from "#embedded/kubelet/file-tree/open-file-tree.ts";
import {
  type ContainerProcess,
  type ContainerRuntime,
  type OutputSink,
  type ProcessSpec,
  StartError,
} from "./container-runtime.ts";
import { freezeFamily } from "./freeze-family.ts";
import { becomeUser, joinFileTree, type NamespaceLaunchers } from "./namespace-tools.ts";
import { type OwnedProcess, type ProcessOwner, spawnOwned } from "./owned-process.ts";

/** What a command leaves running in the background goes on until its container ends. */
const OWNED = { groupEndsWithLeader: false };

/** Each container has a PID namespace: the kernel itself gives its main process the rules of PID 1. */
export function namespaceRuntime(
  launchers: NamespaceLaunchers,
  owner: ProcessOwner,
  ownFiles: boolean,
): ContainerRuntime {
  return {
    type: "pid-namespace",
    ownFiles,
    start: async (spec, output) => {
      const tree = spec.fileTree && (await openFileTree(spec.fileTree));
      try {
        const join = tree ? joinFileTree(tree.namespace, spec.workingDirectory) : [];
        const launcher = [...join, ...launchers.start, ...becomeUser(spec.user)];
        const stdin = spec.stdin === true;
        const outer = await spawnOwned(launcher, spec, { ...OWNED, ...owner, output, stdin });
        const pidOne = await findPidOne(outer, launcher, spec.command);
        return containerProcess({ outer, pidOne, launchers, owner });
      } finally {
        tree?.close();
      }
    },
  };
}

function containerProcess(started: {
  readonly outer: OwnedProcess;
  /** Undefined when the program has ended before it could be seen. */
  readonly pidOne: number | undefined;
  readonly launchers: NamespaceLaunchers;
  readonly owner: ProcessOwner;
}): ContainerProcess {
  const { outer, pidOne, launchers, owner } = started;
  let ended = pidOne === undefined;
  const exited = outer.exited.finally(() => {
    ended = true;
  });
  const send = (signal: NodeJS.Signals) => {
    if (!ended && pidOne !== undefined) sendTo(pidOne, signal);
  };
  return {
    stdin: outer.stdin,
    exited,
    ...(pidOne !== undefined && { pid: pidOne }),
    terminate: () => send("SIGTERM"),
    // The death of PID 1 takes the whole namespace with it.
    kill: () => send("SIGKILL"),
    freeze: () => {
      if (!ended && pidOne !== undefined) freezeFamily(pidOne);
    },
    exec: async (spec: ProcessSpec, output: OutputSink) => {
      if (ended || pidOne === undefined) throw new StartError("container is not running");
      const launcher = [...launchers.exec(pidOne, spec), ...becomeUser(spec.user)];
      const child = await spawnOwned(launcher, spec, { ...OWNED, ...owner, output, stdin: true });
      return { ...child, kill: child.killGroup };
    },
  };
}

/**
 * The program itself, as the host numbers it. Nothing announces that the launchers have handed over, so
 * their only child is looked at until its command line is none of theirs; that takes a few milliseconds.
 */
async function findPidOne(
  outer: OwnedProcess,
  launcher: readonly string[],
  command: readonly string[],
): Promise<number | undefined> {
  const launching = new Set(
    launcher.map((_, index) => [...launcher.slice(index), ...command].join("\0")),
  );
  // A process that has just ended shows an empty command line.
  launching.add("");
  let ended = false;
  const exited = outer.exited.then(() => {
    ended = true;
  });
  while (!ended) {
    const pid = onlyChildOf(outer.pid);
    if (pid !== undefined && !launching.has(commandLineOf(pid))) return pid;
    await Promise.race([exited, sleep(1)]);
  }
  return undefined;
}

function onlyChildOf(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return children === "" ? undefined : Number(children.split(" ")[0]);
  } catch {
    return undefined;
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replace(/\0$/, "");
  } catch {
    return "";
  }
}

function sendTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it has just ended by itself.
  }
}
