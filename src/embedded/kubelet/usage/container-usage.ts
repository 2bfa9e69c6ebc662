import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What the processes of one container hold at one moment, as cAdvisor counts it inside a real kubelet. */
export interface ContainerUsage {
  /** Without those that have ended and were not waited for. */
  readonly processes: number;
  /** Open files, sockets among them. */
  readonly descriptors: number;
  readonly sockets: number;
}

/** The processes below the container's main process, with itself; none where there is no /proc. */
export function processesOf(mainPid: number): readonly number[] {
  const found: number[] = [];
  const waiting = [mainPid];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (!isAlive(pid)) continue;
    found.push(pid);
    waiting.push(...childrenOf(pid));
  }
  return found;
}

/** Undefined when the container has ended, or where this machine does not tell. */
export function readUsage(mainPid: number): ContainerUsage | undefined {
  const processes = processesOf(mainPid);
  if (processes.length === 0) return undefined;
  const targets = processes.flatMap(descriptorTargets);
  return {
    processes: processes.length,
    descriptors: targets.length,
    sockets: targets.filter((target) => target.startsWith("socket:")).length,
  };
}

/** What the kernel cannot take back without killing: page cache is not in it, shared memory is. */
export function readMemoryBytes(mainPid: number): number {
  return processesOf(mainPid).reduce((sum, pid) => sum + unreclaimableBytes(pid), 0);
}

function unreclaimableBytes(pid: number): number {
  const status = readOrEmpty(`/proc/${pid}/status`);
  const kibibytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(status)?.[1] ?? 0);
  return (kibibytes("RssAnon") + kibibytes("RssShmem")) * 1024;
}

/** A zombie keeps its number and nothing else. */
function isAlive(pid: number): boolean {
  const state = /^State:\s*(\S)/m.exec(readOrEmpty(`/proc/${pid}/status`))?.[1];
  return state !== undefined && state !== "Z" && state !== "X";
}

/** Each thread has its own children; whatever lost its parent is a child of the main process. */
export function childrenOf(pid: number): readonly number[] {
  return listOrEmpty(`/proc/${pid}/task`).flatMap((thread) =>
    readOrEmpty(`/proc/${pid}/task/${thread}/children`)
      .split(" ")
      .filter((child) => child.trim() !== "")
      .map(Number),
  );
}

function descriptorTargets(pid: number): readonly string[] {
  return listOrEmpty(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)];
    } catch {
      return []; // closed between the two looks
    }
  });
}

/** Processes end while they are looked at. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function listOrEmpty(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
