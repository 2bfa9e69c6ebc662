import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface KubectlResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** What a command that goes on has printed so far. */
export interface RunningKubectl {
  readonly text: string;
  readonly lines: readonly string[];
  /** Resolves with the first text that matches, of what was printed or is going to be. */
  until(pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** A terminal whose kubectl works against one cluster. */
export interface Terminal {
  /** Major and minor version of the kubectl that is used, as one number: 1.32 is 32. */
  readonly minor: number;
  readonly directory: string;
  run(args: readonly string[], options?: { readonly input?: string }): Promise<KubectlResult>;
  start(args: readonly string[]): RunningKubectl;
  /** Writes a manifest and resolves to its path. */
  write(name: string, text: string): Promise<string>;
  close(): Promise<void>;
}

const MISSING = `There is no kubectl on the PATH, and this session is about nothing else.
  Install one, for example with: apt-get install kubernetes-client`;

/** Without a kubectl there is nothing to test, and that is a failure that says what to do. */
export async function openTerminal(kubeconfig: string): Promise<Terminal> {
  const directory = await mkdtemp(join(tmpdir(), "kubectl-session-"));
  const file = join(directory, "kubeconfig");
  await writeFile(file, kubeconfig, { mode: 0o600 });
  // A home of its own: kubectl keeps what a server can do by its address, and addresses come again.
  const env = { ...process.env, KUBECONFIG: file, HOME: directory, TZ: "UTC" };
  const running = new Set<ChildProcessWithoutNullStreams>();
  const spawnKubectl = (args: readonly string[]) => {
    const child = spawn("kubectl", args, { env, cwd: directory });
    running.add(child);
    child.once("close", () => running.delete(child));
    return child;
  };
  const run: Terminal["run"] = async (args, { input = "" } = {}) => {
    const child = spawnKubectl(args);
    const result = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      result.out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      result.err += text;
    });
    child.stdin.on("error", () => {}); // a command that does not read is free to end before
    child.stdin.end(input);
    const [code] = await once(child, "close");
    return { code, ...result };
  };
  try {
    const { out } = await run(["version", "--client", "-o", "json"]);
    const { clientVersion } = JSON.parse(out) as { clientVersion: { minor: string } };
    return {
      minor: Number.parseInt(clientVersion.minor, 10),
      directory,
      run,
      start: (args) => follow(spawnKubectl(args)),
      async write(name, text) {
        await writeFile(join(directory, name), text);
        return join(directory, name);
      },
      async close() {
        const closed = [...running].map((child) => once(child, "close"));
        for (const child of running) child.kill("SIGKILL");
        await Promise.all(closed);
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (cause) {
    await rm(directory, { recursive: true, force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw code === "ENOENT" ? new Error(MISSING) : cause;
  }
}

function follow(child: ChildProcessWithoutNullStreams): RunningKubectl {
  let text = "";
  const waiting = new Set<() => void>();
  const take = (more: string) => {
    text += more;
    for (const look of waiting) look();
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const closed = once(child, "close");
  return {
    get text() {
      return text;
    },
    get lines() {
      return text.split("\n").filter((line) => line !== "");
    },
    async until(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const look = () => {
        const found = pattern.exec(text)?.[0];
        if (found !== undefined) resolve(found);
      };
      waiting.add(look);
      void closed.then(() => reject(new Error(`It ended without ${pattern}, after:\n${text}`)));
      look();
      return await promise.finally(() => waiting.delete(look));
    },
    async stop() {
      child.kill("SIGINT");
      await closed;
    },
  };
}

/** The columns of a table by their titles, a row for each line after the first. */
export function readTable(text: string): {
  readonly titles: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
} {
  const [head = "", ...lines] = text.split("\n").filter((line) => line !== "");
  const starts = [...head.matchAll(/(?<=^| {2,})\S+(?: \S+)*/g)].map((match) => match.index);
  const cut = (line: string) =>
    starts.map((start, index) => line.slice(start, starts[index + 1]).trim());
  const titles = cut(head);
  return {
    titles,
    rows: lines.map((line) => {
      const cells = cut(line);
      return Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? ""]));
    }),
  };
}
