import type { DataTable } from "@cucumber/cucumber";
import { defineStep } from "../support/step-registry.ts";
import { THRESHOLD_PHRASES } from "../support/threshold-tables.ts";
import type { HarnessWorld } from "../support/world.ts";

defineStep(
  "Then",
  {
    phrases: THRESHOLD_PHRASES,
    about:
      "Each row is a metric and what is promised of it, such as `| request error rate | <0.1% |`.",
  },
  async function (this: HarnessWorld, table: DataTable) {
    return await this.explaining(() => this.judge(table));
  },
);
