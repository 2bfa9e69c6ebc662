import type { World } from "@cucumber/cucumber";
import type { Report } from "#domain/report.ts";
import { attachmentsOf } from "#recorded-runs.ts";

/** Puts a run's picture and its failed requests into cucumber's own report and messages. */
export async function attachPictures(report: Report, world: Pick<World, "attach">): Promise<void> {
  for (const { body, ...of } of attachmentsOf(report)) {
    // Cucumber's page shows images from base64, and texts as they are.
    if (of.mediaType.startsWith("image/")) world.attach(Buffer.from(body), of);
    else world.attach(body, of);
  }
}
