import { readFileSync } from "node:fs";
import type { Container } from "#embedded/api/objects.ts";
import type { ContainerLog } from "./container-log.ts";
import type { ProcessExit } from "./runtime/container-runtime.ts";

const MAX_FILE_BYTES = 4096;
const MAX_LOG_BYTES = 2048;
const MAX_LOG_LINES = 80;

/** What the program left in its termination message file, or else, if so asked, the end of its log. */
export function terminationMessage(
  container: Container,
  exit: ProcessExit,
  file: string,
  log: ContainerLog,
): string {
  const written = readIfThere(file).slice(0, MAX_FILE_BYTES);
  const fallsBack = container.terminationMessagePolicy === "FallbackToLogsOnError";
  if (written !== "" || !fallsBack || exit.exitCode === 0) return written;
  const lines = log.read().slice(-MAX_LOG_LINES);
  return lines
    .map(({ text }) => text)
    .join("")
    .slice(-MAX_LOG_BYTES);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // a program need not leave a message
  }
}
