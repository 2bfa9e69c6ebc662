import type { Writable } from "node:stream";
import type { FileTree } from "#embedded/kubelet/file-tree/prepare-file-tree.ts";

/** What a process is started with; everything is resolved, nothing comes from the harness's own environment. */
export interface ProcessSpec {
  /** The first element is the path of an executable file; see find-executable.ts. */
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether a container's main process gets an input that stays open; it reads nothing otherwise. */
  readonly stdin?: boolean;
  /** Whom it runs as, if not as us; only root can do that. */
  readonly user?: ProcessUser | undefined;
  /** Without one the files are this machine's. Needs a runtime that has `ownFiles`. */
  readonly fileTree?: FileTree | undefined;
  /** The file of the network namespace to run in; without one, that of the harness. */
  readonly networkNamespace?: string | undefined;
}

/** A user by numbers; nothing else is known of it here. */
export interface ProcessUser {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** No program that it starts may have more rights than it has itself. */
  readonly noNewPrivileges: boolean;
}

/** Takes what a process writes, as it comes; everything has been taken when the process has `exited`. */
export type OutputSink = (stream: "stdout" | "stderr", chunk: Buffer) => void;

/** How a process ended. Death by signal n is 128 + n, as a container runtime reports it. */
export interface ProcessExit {
  readonly exitCode: number;
  readonly atMs: number;
}

/** A command run inside a container: a probe, a hook or `kubectl exec`. It dies with the container. */
export interface ExecProcess {
  readonly stdin: Writable | undefined;
  readonly exited: Promise<ProcessExit>;
  kill(): void;
}

/** The main process of a container: PID 1 as far as signals are concerned. */
export interface ContainerProcess {
  /** Only if its spec has asked for it. */
  readonly stdin: Writable | undefined;
  /** Resolves when nothing of the container runs any more. */
  readonly exited: Promise<ProcessExit>;
  /** Its number on this machine; absent when it ended before it could be seen. */
  readonly pid?: number;
  /** Delivered as to PID 1 of a container: what the program does not catch is lost. */
  terminate(): void;
  /** SIGKILL, for the program and everything it started. */
  kill(): void;
  /** Stops it where it is, with all that it has started, for as long as it lives: its connections hang. */
  freeze(): void;
  exec(spec: ProcessSpec, output: OutputSink): Promise<ExecProcess>;
}

/** How containers are made out of processes on this machine; see detect-runtime.ts for the choice. */
export interface ContainerRuntime {
  readonly type: "pid-namespace" | "process-group";
  /** Whether a container can see volumes where it mounts them, and not only by rewritten paths. */
  readonly ownFiles: boolean;
  start(spec: ProcessSpec, output: OutputSink): Promise<ContainerProcess>;
}

/** The program could not be started; `message` is worded as a container runtime words it. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StartError";
  }
}
