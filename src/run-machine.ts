import { readdirSync, readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { MachineReading, WaitingTime } from "#domain/machine-share.ts";
import type { Machine } from "#ports/machine.ts";

/** The kernel's unit in /proc/stat, the same on every Linux that Node runs on. */
const TICK_MS = 10;

/** So many processes are looked at before others get their turn: the data path runs on this thread, too. */
const GROUP = 40;

/** Linux tells, by /proc; others do not. */
export const runMachine: Machine = {
  async read() {
    try {
      return await readProc(process.pid);
    } catch {
      return undefined; // no Linux, or one whose /proc is hidden
    }
  },
};

async function readProc(root: number): Promise<MachineReading> {
  const [total = "", ...rest] = readFileSync("/proc/stat", "utf8").split("\n");
  // user nice system idle iowait irq softirq steal; guest time is part of user time
  const ticks = total.split(/\s+/).slice(1, 9).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = ticks;
  const own = descendants(root, await readProcesses());
  const stalledMs = readPressure();
  return {
    processors: rest.filter((line) => line.startsWith("cpu")).length,
    busyMs: (user + nice + system + irq + softirq + steal) * TICK_MS,
    ownMs: own.reduce((sum, { usedMs }) => sum + usedMs, 0),
    own: new Map(own.map(({ pid }) => [pid, readSchedule(pid)])),
    ...(stalledMs !== undefined && { stalledMs }),
  };
}

interface ProcessTime {
  readonly pid: number;
  readonly parent: number;
  /** With that of the children that it has waited for. */
  readonly usedMs: number;
}

async function readProcesses(): Promise<readonly ProcessTime[]> {
  const found: ProcessTime[] = [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  for (const [place, pid] of pids.entries()) {
    if (place % GROUP === GROUP - 1) await nextTurn();
    const stat = readOrNothing(`/proc/${pid}/stat`);
    if (stat === undefined) continue;
    // The name may hold anything, brackets and blanks too: what counts comes after the last bracket.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const usedMs = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);
    found.push({ pid: Number(pid), parent: Number(fields[1]), usedMs });
  }
  return found;
}

function descendants(root: number, all: readonly ProcessTime[]): readonly ProcessTime[] {
  const children = Map.groupBy(all, ({ parent }) => parent);
  const own = all.filter(({ pid }) => pid === root);
  // The list grows while it is gone through.
  for (const { pid } of own) own.push(...(children.get(pid) ?? []));
  return own;
}

/** `<ran> <waited> <slices>`, in nanoseconds. */
function readSchedule(pid: number): WaitingTime {
  const [ran = 0, waited = 0] = (readOrNothing(`/proc/${pid}/schedstat`) ?? "0 0").split(" ");
  return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 };
}

function readPressure(): number | undefined {
  const micros = /some .*total=(\d+)/.exec(readOrNothing("/proc/pressure/cpu") ?? "")?.[1];
  return micros === undefined ? undefined : Number(micros) / 1000;
}

/** A process may have ended since it was listed. */
function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
