import { certifyLoad } from "./certify-load.ts";
import { describeFailure } from "./describe-failure.ts";
import type { CertifyReport } from "./load-messages.ts";

/** The process in which the load is certified: its server must not wait for a cluster that is starting. */
function post(report: CertifyReport): void {
  process.send?.(report);
}

process.on("disconnect", () => process.exit());
certifyLoad()
  .then((certificate) => post({ type: "certified", certificate }))
  .catch((error: unknown) => post({ type: "failed", failure: describeFailure(error) }))
  .finally(() => process.disconnect());
