/** What the run's own programs had of the processors of the machine they share with others, over a while. */
export interface MachineShare {
  readonly processors: number;
  /** The share of all processors that other programs had, from 0 to 1. */
  readonly others: number;
  /** Of the time for which the run's own programs wanted a processor, the share in which they waited for one. */
  readonly waited: number;
  /** The share of the time in which somebody on the machine waited; absent where the kernel does not tell. */
  readonly pressure?: number;
}

/** What the machine and the programs of this run have used of its processors, since whenever it began to count. */
export interface MachineReading {
  readonly processors: number;
  /** Processor time that anybody used, in milliseconds; what the machine's own host took is part of it. */
  readonly busyMs: number;
  /** Of that, our own processes, and those of their children that have ended; an orphan takes its time away. */
  readonly ownMs: number;
  /** Our own processes by their number: this one and all that descend from it, an embedded cluster's pods too. */
  readonly own: ReadonlyMap<number, WaitingTime>;
  /** How long anybody at all waited; absent where the kernel does not tell. */
  readonly stalledMs?: number;
}

/** How long the main thread of one process ran, and waited for a processor that others had. */
export interface WaitingTime {
  readonly ranMs: number;
  readonly waitedMs: number;
}

/** What lies between two readings that are `forMs` apart. */
export function shareBetween(
  before: MachineReading,
  after: MachineReading,
  forMs: number,
): MachineShare {
  const { processors, stalledMs } = after;
  // An orphan takes its time away from ours; that is no work of others.
  const ownMs = Math.max(0, after.ownMs - before.ownMs);
  const othersMs = after.busyMs - before.busyMs - ownMs;
  let [ranMs, waitedMs] = [0, 0];
  for (const [pid, now] of after.own) {
    const then = before.own.get(pid) ?? { ranMs: 0, waitedMs: 0 };
    // Another process may have got the number of one that has ended.
    ranMs += Math.max(0, now.ranMs - then.ranMs);
    waitedMs += Math.max(0, now.waitedMs - then.waitedMs);
  }
  const wantedMs = ranMs + waitedMs;
  return {
    processors,
    others: within(othersMs / (processors * forMs)),
    waited: wantedMs === 0 ? 0 : within(waitedMs / wantedMs),
    ...(stalledMs !== undefined && {
      pressure: within((stalledMs - (before.stalledMs ?? stalledMs)) / forMs),
    }),
  };
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}
