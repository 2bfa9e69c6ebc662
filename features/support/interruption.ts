import { InterruptedError } from "./errors.ts";

let controller: AbortController | undefined;

/**
 * Aborts at the first Ctrl-C or SIGTERM, so that the run drains its load, puts things back and writes its
 * report; a second one ends the process at once, as every command line does.
 */
export function interruption(): AbortSignal {
  if (controller === undefined) {
    const made = new AbortController();
    controller = made;
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.once(name, () => made.abort(new InterruptedError(name)));
    }
  }
  return controller.signal;
}
