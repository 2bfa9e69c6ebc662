import { EXIT_CODE } from "#domain/verdict.ts";
import type { Output } from "#harness.ts";

/**
 * Lets Ctrl-C and SIGTERM abort the work instead of the process, so that it ends in order; a second one
 * ends the process at once. Resolves to the work's exit code, or to that of an interruption.
 */
export async function withInterruption(
  err: Output,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    return await work(interruption.signal);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    err.write("Interrupted: what was running has been stopped.\n");
    return EXIT_CODE.interrupted;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
