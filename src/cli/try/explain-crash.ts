import { HarnessError } from "#domain/errors.ts";

const IF_THE_PORT_IS_TAKEN =
  "If it says that its address is in use: it listens on every address. Let it listen on {host}, or use --pod-network netns.";

/** A program that cannot have its port ends by itself, and what Kubernetes tells of that does not say why. */
export function explainCrash(error: unknown): unknown {
  if (!(error instanceof HarnessError) || error.code !== "WORKLOAD_NOT_READY") return error;
  if (!error.message.includes("exit code")) return error;
  const hint = `${error.hint}\n${IF_THE_PORT_IS_TAKEN}`;
  return new HarnessError(error.code, error.message, { hint, cause: error });
}
