import { readFileSync } from "node:fs";

/**
 * SIGSTOP for a process and all that descend from it. Parents first: who is stopped starts nothing more, so
 * nobody slips through between the look and the signal.
 */
export function freezeFamily(pid: number): void {
  try {
    process.kill(pid, "SIGSTOP");
  } catch {
    return; // it has just ended by itself
  }
  for (const child of childrenOf(pid)) freezeFamily(child);
}

function childrenOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return children === "" ? [] : children.split(" ").map(Number);
  } catch {
    return [];
  }
}
