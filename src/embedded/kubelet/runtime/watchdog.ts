import { spawn } from "node:child_process";
import { once } from "node:events";
import { StartError } from "./container-runtime.ts";

/**
 * No process of a cluster may outlive the harness, however the harness ends. One tiny shell per cluster
 * reads from a pipe that only the harness holds open; the kernel closes that pipe when the harness dies,
 * also by `kill -9`. The shell then kills every process group it was told of and removes the directory.
 *
 *   +PID  guard this process group      -PID  it has ended      stop  the harness ends in good order
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM
pids=
while IFS= read -r line; do
  case $line in
    +*) pids="$pids \${line#+}" ;;
    -*) left=
        for pid in $pids; do [ "$pid" = "\${line#-}" ] || left="$left $pid"; done
        pids=$left ;;
    stop) exit 0 ;;
  esac
done
for pid in $pids; do kill -s KILL -- "-$pid" 2>/dev/null; done
for attempt in 1 2 3 4 5; do rm -rf -- "$@" 2>/dev/null && break; sleep 0.2; done
`;

/** Knows every process group that must not outlive the harness. */
export interface Watchdog {
  readonly pid: number;
  /** Call at once after the start of a group leader. */
  guard(pid: number): void;
  release(pid: number): void;
  /** The harness has cleaned up by itself: nothing is killed, nothing removed. */
  stop(): Promise<void>;
}

/** Starts the watchdog of the cluster whose files live in `directories`; they are removed if the harness dies. */
export async function startWatchdog(...directories: readonly string[]): Promise<Watchdog> {
  const child = spawn("/bin/sh", ["-c", SCRIPT, "lastcall-watchdog", ...directories], {
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const { pid, stdin } = child;
  if (pid === undefined || stdin === null) {
    const [error] = await once(child, "error");
    throw new StartError(
      `Could not start the watchdog of ${directories.join(" and ")}: ${String(error)}`,
    );
  }
  const exited = once(child, "exit");
  // Whoever kills the watchdog takes the guarantee away; the cluster itself goes on.
  stdin.on("error", () => {});
  child.unref();
  return {
    pid,
    guard: (guarded) => void stdin.write(`+${guarded}\n`),
    release: (ended) => void stdin.write(`-${ended}\n`),
    stop: async () => {
      child.ref();
      stdin.end("stop\n");
      await exited;
    },
  };
}
