import { After, Before, setDefaultTimeout } from "@cucumber/cucumber";
import { checkThresholdTables } from "./threshold-tables.ts";
import type { HarnessWorld } from "./world.ts";

// A run has deadlines of its own, each with a message that says what was waited for.
setDefaultTimeout(-1);

Before(async function (this: HarnessWorld, { gherkinDocument, pickle }) {
  await this.explaining(async () => {
    checkThresholdTables(gherkinDocument, pickle);
    await this.prepare();
  });
});

After(async function (this: HarnessWorld) {
  await this.stop();
});
