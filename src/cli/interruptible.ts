import type { Streams } from "#cli/command.ts";
import { EXIT_CODE } from "#domain/verdict.ts";

/** Runs `act` with a signal that the first Ctrl-C or SIGTERM aborts; a second one ends the process at once. */
export async function interruptible(
  { err }: Streams,
  act: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    return await act(interruption.signal);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    err.write("Interrupted: what was running has been stopped.\n");
    return EXIT_CODE.interrupted;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
