import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** One line of a sample workload's log. */
export interface LogLine {
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** A sample workload's program run as a pod would run it, on a free port of the loopback address. */
export interface PodProcess {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  readonly lines: readonly LogLine[];
  /** Resolves with the first line of that event, past or future; rejects when the log ends without it. */
  logged(event: string): Promise<LogLine>;
  /** Exit code, or the name of the signal that ended it. */
  exited(): Promise<number | string>;
}

/** Resolves when the program listens; whoever starts one ends it, also when a test fails. */
export async function startPodProcess(
  program: { readonly directory: string; readonly entry: string },
  env: Readonly<Record<string, string>>,
): Promise<PodProcess> {
  const child = spawn(process.execPath, [program.entry], {
    cwd: program.directory,
    env: { HOST: "127.0.0.1", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const lines: LogLine[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(JSON.parse(line)));

  const ended = once(reader, "close");

  const logged = async (event: string): Promise<LogLine> => {
    for (let open = true; ; ) {
      const line = lines.find((candidate) => candidate.event === event);
      if (line !== undefined) return line;
      if (!open) throw new Error(`The log ended without "${event}": ${JSON.stringify(lines)}`);
      const more = once(reader, "line").then(() => true);
      open = await Promise.race([more, ended.then(() => false)]);
    }
  };

  const { address } = await logged("listening");
  const { port } = address as { readonly port: number }; // the shop logs what server.address() says
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    process: child,
    lines,
    logged,
    exited: async () => {
      const [code, signal] = await exit;
      return code ?? signal;
    },
  };
}
