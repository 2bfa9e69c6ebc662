import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { HarnessError } from "#domain/errors.ts";

/*
 * An ordinary user may not make network namespaces, but where the system permits it he may make a user
 * namespace and be root in it: over everything in it, and over nothing outside. Since no line leads from there
 * to this machine's network, the whole run has to be inside.
 */

/** In front of a command: it is root in namespaces of its own, with a loopback that works. */
const INSIDE = [
  ...["unshare", "--user", "--map-root-user", "--net", "--"],
  ...["setpriv", "--pdeathsig", "KILL", "--"],
  ...["/bin/sh", "-c", 'PATH="$PATH:/usr/sbin:/sbin" ip link set lo up && exec "$@"', "sh"],
];

/** Whether this process is one that needs a user namespace before it can have any other. */
export function isOrdinaryUser(): boolean {
  return process.geteuid !== undefined && process.geteuid() !== 0;
}

/** Runs this program again with these arguments, as root of a user namespace; resolves to its exit code. */
export async function runInUserNamespace(args: readonly string[]): Promise<number> {
  const trial = await run(["true"], "pipe");
  if (trial.exitCode !== 0) {
    throw new HarnessError(
      "NETNS_UNAVAILABLE",
      `Could not make a user namespace for --pod-network netns: ${trial.complaint}`,
      {
        hint: "Run as root, or where ordinary users may make user namespaces, with iproute2 and nftables installed. Pods without namespaces (--pod-network process) need none of that.",
      },
    );
  }
  const [script = ""] = process.argv.slice(1);
  return (await run([process.execPath, ...process.execArgv, script, ...args], "inherit")).exitCode;
}

async function run(command: readonly string[], output: "pipe" | "inherit") {
  const [file = "", ...args] = [...INSIDE, ...command];
  const child = spawn(file, args, { stdio: ["inherit", output, output] });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk;
  });
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  // Ctrl-C reaches the child by itself, as it does everything in the terminal; we wait for its report.
  const wait = () => {};
  process.on("SIGTERM", pass).on("SIGINT", wait);
  try {
    const [code, signal] = await once(child, "close");
    return { exitCode: exitCodeOf(code, signal), complaint: complaint.trim() };
  } catch (error) {
    return { exitCode: 127, complaint: String(error) };
  } finally {
    process.off("SIGTERM", pass).off("SIGINT", wait);
  }
}

function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 0) : 128 + constants.signals[signal];
}
