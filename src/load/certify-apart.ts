import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HarnessError } from "#domain/errors.ts";
import type { LoadCertificate } from "./certify-load.ts";
import type { CertifyReport } from "./load-messages.ts";

/** Certifies the load in a process of its own, so that it costs a run no time beside the cluster's start. */
export async function certifyApart(signal: AbortSignal): Promise<LoadCertificate> {
  const child = fork(fileURLToPath(import.meta.resolve("#load/certify-worker.ts")), {
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const over = new AbortController();
  try {
    const either = AbortSignal.any([signal, over.signal]);
    const report = await Promise.race([
      once(child, "message", { signal: either }).then(([posted]) => posted as CertifyReport), // by certify-worker.ts
      // Comes after the last message, which its exit may overtake.
      once(child, "disconnect", { signal: either }).then(() => undefined),
    ]);
    if (report?.type === "certified") return report.certificate;
    const failure = report?.failure ?? {
      code: "LOAD_NOT_CERTIFIED",
      message: "The certification of the load ended without an answer.",
      hint: "Nothing measured without it could be trusted. Is the machine out of memory?",
    };
    throw new HarnessError(failure.code, failure.message, { hint: failure.hint });
  } finally {
    over.abort();
    child.kill("SIGKILL");
  }
}
