import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { listeningSockets } from "./listening-sockets.ts";

/** Where a program of a pod accepts connections. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  /** The address of its pod. */
  readonly host: string;
}

/**
 * Where the programs listen that have `marker` in their environment, which no other process has. Programs that
 * hide their environment, and machines without /proc, show nothing.
 */
export function findListeners(marker: string): readonly Listener[] {
  return processes().flatMap((directory) => listenersOf(directory, marker));
}

function processes(): readonly string[] {
  try {
    return readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .map((pid) => `/proc/${pid}`);
  } catch {
    return [];
  }
}

/** A process may be another user's, or end while it is read. */
function listenersOf(directory: string, marker: string): readonly Listener[] {
  try {
    const environment = readFileSync(`${directory}/environ`, "latin1").split("\0");
    if (!environment.includes(marker)) return [];
    const host = environment.find((one) => one.startsWith("HOST="))?.slice("HOST=".length) ?? "";
    const own = new Set(
      readdirSync(`${directory}/fd`).map((fd) => readlinkSync(`${directory}/fd/${fd}`)),
    );
    // Of the process's own network, which in a namespace is its pod's.
    return ["tcp", "tcp6"]
      .flatMap((table) => listeningSockets(readFileSync(`${directory}/net/${table}`, "latin1")))
      .filter(({ inode }) => own.has(`socket:[${inode}]`))
      .map(({ address, port }) => ({ address, port, host }));
  } catch {
    return [];
  }
}
