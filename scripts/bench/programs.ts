import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import type { BenchAmount, BenchClient, ClientCount } from "./bench-client.ts";

/** Load tools that are programs of their own, by the Debian package of the same name. Their counts are all they tell. */
export const PROGRAMS: readonly BenchClient[] = [
  {
    name: "wrk",
    // It knows no number of requests, so it gets a time, and one more second for those that hang.
    stopsByTime: true,
    run: async (url, { requests, perSecond, connections }, signal) => {
      const seconds = Math.max(1, Math.round(requests / perSecond)) + 1;
      const options = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "1s"];
      return parseWrk(await outputOf("wrk", [...options, `${url}/items`], signal));
    },
  },
  {
    name: "hey",
    run: async (url, { requests, connections }: BenchAmount, signal) => {
      const options = ["-n", `${requests}`, "-c", `${connections}`, "-t", "1"];
      return parseHey(await outputOf("hey", [...options, `${url}/items`], signal));
    },
  },
];

export function isInstalled(command: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** On SIGINT both print what they have counted so far. */
async function outputOf(
  program: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const running = promisify(execFile)(program, args, { killSignal: "SIGINT" });
  const interrupt = () => running.child.kill("SIGINT");
  signal?.addEventListener("abort", interrupt);
  try {
    return (await running).stdout;
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    return (error as { readonly stdout: string }).stdout; // as execFile rejects
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}

/** wrk counts an answer of any status as a request, and says apart how many were no success. */
export function parseWrk(output: string): ClientCount {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0);
  const answered = number(/(\d+) requests in/);
  const errors = number(/Non-2xx or 3xx responses: (\d+)/);
  const lost = ["connect", "read", "write", "timeout"].map((what) =>
    number(new RegExp(`Socket errors:.*\\b${what} (\\d+)`)),
  );
  return { ok: answered - errors, notOk: errors + lost.reduce((sum, each) => sum + each, 0) };
}

/** hey lists how often each status came, and how often each error. */
export function parseHey(output: string): ClientCount {
  const [answers = "", errors = ""] = output.split("Error distribution:");
  const sum = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);
  const ok = sum(answers, /^\s*\[2\d\d\]\s+(\d+) responses/gm);
  const answered = sum(answers, /^\s*\[\d{3}\]\s+(\d+) responses/gm);
  return { ok, notOk: answered - ok + sum(errors, /^\s*\[(\d+)\]\s/gm) };
}
