import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { TOOL_ENV } from "./run-tool.ts";

/** The kernel holds so much for a reader that is late. */
const BUFFER_BYTES = 4 * 1024 * 1024;

/** Who hears of the kernel's connections. */
export interface ConnectionFollower {
  line(text: string): void;
  /** Called once: nothing more will be heard, and why. */
  ended(because: string): void;
}

/**
 * Follows the kernel's connection tracking by Debian's `conntrack`, one line for each new connection. It ends
 * with us, and when the kernel had to drop something: then nobody would know what is missing.
 */
export function followConnections(
  inside: readonly string[],
  follower: ConnectionFollower,
): { readonly stop: () => Promise<void> } {
  const tool = ["conntrack", "-E", "-e", "NEW", "-p", "tcp", "-b", String(BUFFER_BYTES)];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...inside, ...tool], {
    env: TOOL_ENV,
    cwd: "/",
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = `${complaint}${chunk}`.slice(-500);
    if (complaint.includes("losing events")) child.kill();
  });
  createInterface({ input: child.stdout }).on("line", (line) => follower.line(line));
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const end = (why: string) => {
    follower.ended(`conntrack: ${why}`);
    resolve();
  };
  child.once("error", (error) => end(error.message));
  child.once("close", (code) => end(complaint.trim() || `exit ${code}`));
  return {
    async stop() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
