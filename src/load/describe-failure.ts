import { HarnessError } from "#domain/errors.ts";
import type { LoadFailure } from "./load-messages.ts";

/** Takes an error apart for the way between processes. */
export function describeFailure(error: unknown): LoadFailure {
  if (error instanceof HarnessError)
    return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "LOAD_BROKEN", message, hint: "This is a fault of Lastcall; please report it." };
}
