import {
  type ContainerProcess,
  type ContainerRuntime,
  type ExecProcess,
  type OutputSink,
  type ProcessSpec,
  StartError,
} from "./container-runtime.ts";
import { freezeFamily } from "./freeze-family.ts";
import { killOfPidOne } from "./kill-of-pid-one.ts";
import { dieWithParent } from "./namespace-tools.ts";
import { type OwnedProcess, type ProcessOwner, spawnOwned } from "./owned-process.ts";
import { catchesSignal, NodePreload } from "./pid-one-signals.ts";

/** Nobody else would end what the leader of a group has left behind. */
const OWNED = { groupEndsWithLeader: true };

/**
 * Where PID namespaces are not permitted, a container is a process group, and the rules of PID 1 are
 * imitated: a signal that the program does not catch is not sent, and the group dies with its leader.
 *
 * Known differences: a descendant that made a session of its own survives its container, what a hook
 * or probe leaves in the background ends with it, and `kill 1` within a longer script means another process.
 */
export function processGroupRuntime(directory: string, owner: ProcessOwner): ContainerRuntime {
  const preload = new NodePreload(directory);
  const launcher = dieWithParent();
  return {
    type: "process-group",
    ownFiles: false,
    start: async (spec, output) => {
      const env = preload.addTo(spec.env);
      const main = await spawnOwned(
        launcher,
        { ...spec, env },
        { ...OWNED, ...owner, output, stdin: spec.stdin === true },
      );
      return containerProcess({ main, preload, launcher, owner });
    },
  };
}

function containerProcess(started: {
  readonly main: OwnedProcess;
  readonly preload: NodePreload;
  readonly launcher: readonly string[];
  readonly owner: ProcessOwner;
}): ContainerProcess {
  const { main, preload, launcher, owner } = started;
  const execs = new Set<OwnedProcess>();
  let ended = false;
  const exited = main.exited.finally(() => {
    ended = true;
    preload.forget(main.pid);
    for (const exec of execs) exec.killGroup();
  });
  const deliver = (signal: NodeJS.Signals) => {
    if (ended || !catchesSignal(main.pid, signal) || preload.isPending(main.pid)) return;
    send(main.pid, signal);
  };
  /** Process 1 of this machine is another one: as root, a `kill` that ran here would reach its init. */
  const deliverFromInside = (signal: NodeJS.Signals): ExecProcess => {
    deliver(signal);
    const exited = Promise.resolve({ exitCode: 0, atMs: Date.now() });
    return { stdin: undefined, exited, kill: () => {} };
  };
  return {
    stdin: main.stdin,
    exited,
    pid: main.pid,
    terminate: () => deliver("SIGTERM"),
    kill: main.killGroup,
    freeze: () => {
      if (!ended) freezeFamily(main.pid);
    },
    exec: async (spec: ProcessSpec, output: OutputSink) => {
      if (ended) throw new StartError("container is not running");
      const signal = killOfPidOne(spec.command);
      if (signal !== undefined) return deliverFromInside(signal);
      const child = await spawnOwned(launcher, spec, { ...OWNED, ...owner, output, stdin: true });
      execs.add(child);
      if (ended) child.killGroup(); // it came too late to end with the others
      return {
        ...child,
        exited: child.exited.finally(() => execs.delete(child)),
        kill: child.killGroup,
      };
    },
  };
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it has just ended by itself.
  }
}
