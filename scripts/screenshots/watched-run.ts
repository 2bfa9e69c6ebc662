import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TerminalScreen } from "./terminal-screen.ts";

const MAIN = new URL("../../src/cli/main.ts", import.meta.url).pathname;
const SIZE = { columns: 112, rows: 34 };

/** What somebody who watched a real run saw of it. */
export interface WatchedRun {
  readonly directory: string;
  readonly verdict: string;
  /** The terminal at its last moment in the disruption. */
  readonly terminal: readonly string[];
}

/**
 * Runs a feature on a terminal of its own and waits for the verdict that the picture needs: a machine that is busy
 * makes a run inconclusive, so it may take three runs.
 */
export async function watchRun(
  args: readonly string[],
  options: {
    readonly reports: string;
    readonly verdict: string;
    /** Called once, some seconds into the disruption, with the address of the live page. */
    readonly onDisruption?: (live: string) => Promise<void>;
  },
): Promise<WatchedRun> {
  const seen: string[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const run = await watchOnce(args, options);
    if (run.verdict === options.verdict) return run;
    seen.push(run.verdict);
  }
  throw new Error(
    `Three runs of ${args.join(" ")} ended in ${seen.join(", ")}, and the picture is of one that ends in ` +
      `${options.verdict}. Is the machine busy with something else?`,
  );
}

async function watchOnce(
  args: readonly string[],
  { reports, onDisruption }: Parameters<typeof watchRun>[1],
): Promise<WatchedRun> {
  const before = new Set(runsIn(reports));
  const words = [
    process.execPath,
    "--conditions=source",
    MAIN,
    "run",
    ...args,
    "--ui",
    "--reports",
    reports,
  ];
  const command = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const onTerminal = `stty cols ${SIZE.columns} rows ${SIZE.rows}; exec ${command}`;
  const child = spawn("script", ["-qefc", onTerminal, "/dev/null"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const stop = () => child.kill();
  process.once("exit", stop);
  const screen = new TerminalScreen();
  let output = "";
  let terminal: readonly string[] = [];
  let shown: Promise<void> | undefined;
  for await (const part of child.stdout.setEncoding("utf8")) {
    output += part;
    screen.write(part);
    const rows = screen.rows(SIZE.rows);
    if (!rows.some((row) => /^ *[\d.]+ s {2}disruption .*terminating/.test(row))) continue;
    terminal = rows;
    const live = /Live: (\S+)/.exec(output)?.[1];
    if (live !== undefined) shown ??= onDisruption?.(live);
  }
  await Promise.all([ended, shown]);
  process.off("exit", stop);
  const name = runsIn(reports).find((folder) => !before.has(folder));
  if (name === undefined) throw new Error(`No run came of it:\n${output}`);
  const directory = join(reports, name);
  const { verdict } = JSON.parse(readFileSync(join(directory, "result.json"), "utf8"));
  return { directory, verdict, terminal };
}

function runsIn(reports: string): readonly string[] {
  return readdirSync(reports).filter((name) => name.startsWith("20"));
}
