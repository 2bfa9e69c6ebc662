import { childrenOf } from "#embedded/kubelet/usage/container-usage.ts";

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
