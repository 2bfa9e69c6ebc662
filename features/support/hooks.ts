import { After, Before, setDefaultTimeout } from "@cucumber/cucumber";
import { promisesOf } from "./threshold-tables.ts";
import type { HarnessWorld } from "./world.ts";

// A run has deadlines of its own, each with a message that says what was waited for.
setDefaultTimeout(-1);

Before(async function (this: HarnessWorld, { gherkinDocument, pickle }) {
  await this.explaining(async () => {
    await this.prepare(promisesOf(gherkinDocument, pickle));
  });
});

After(async function (this: HarnessWorld) {
  await this.stop();
});
