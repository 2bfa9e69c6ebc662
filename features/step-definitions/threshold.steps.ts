import { type DataTable, Then } from "@cucumber/cucumber";
import { THRESHOLD_PHRASES } from "../support/threshold-tables.ts";
import type { HarnessWorld } from "../support/world.ts";

for (const phrase of THRESHOLD_PHRASES) {
  Then(phrase, { timeout: -1 }, async function (this: HarnessWorld, table: DataTable) {
    await this.explaining(() => this.judge(table));
  });
}
