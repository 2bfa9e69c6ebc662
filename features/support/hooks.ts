import { After, Before, Status, setDefaultTimeout } from "@cucumber/cucumber";
import { featureText } from "./feature-text.ts";
import { taggedScenario } from "./tagged-scenario.ts";
import { promisesOf } from "./threshold-tables.ts";
import type { HarnessWorld } from "./world.ts";

// A run has deadlines of its own, each with a message that says what was waited for.
setDefaultTimeout(-1);

Before(async function (this: HarnessWorld, { gherkinDocument, pickle }) {
  await this.explaining(async () => {
    const promises = promisesOf(gherkinDocument, pickle);
    const scenario = taggedScenario(pickle);
    await this.prepare({
      promises,
      text: featureText(gherkinDocument, pickle),
      ...(scenario !== undefined && { scenario }),
    });
  });
});

After(async function (this: HarnessWorld, { result }) {
  try {
    // A scenario that failed, or was skipped, says itself that it proves nothing.
    if (result?.status === Status.PASSED) await this.explaining(() => this.requireVerdict());
  } finally {
    await this.stop();
  }
});
