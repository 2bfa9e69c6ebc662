import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Runs the tool in a process of its own and waits for its end. */
export function runCommandLine(
  args: readonly string[],
  { env = {}, cwd = process.cwd() }: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const { promise, resolve } = Promise.withResolvers<{
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
  }>();
  execFile(
    process.execPath,
    ["--conditions=source", MAIN, ...args],
    { cwd, env: { ...process.env, ...env }, maxBuffer: 16 * 1024 * 1024 },
    (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    },
  );
  return promise;
}
