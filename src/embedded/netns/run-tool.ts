import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** Where the system's own tools are looked for, whatever the harness's PATH says. */
export const TOOL_ENV = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };

/** Runs a tool to its end with `input` to read; what it complains of becomes the error. */
export async function runTool(command: readonly string[], input = ""): Promise<void> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { env: TOOL_ENV, stdio: ["pipe", "ignore", "pipe"] });
  const ended = once(child, "close");
  // A tool may give up before it has read everything; then its exit code tells.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [complaint, [code]] = await Promise.all([text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${toolOf(command)}: ${complaint.trim() || `exit ${code}`}`);
}

/** The tool that does the work, behind those that only lead the way to it. */
function toolOf(command: readonly string[]): string {
  const end = command.indexOf("--");
  return command[end + 1] ?? "";
}
