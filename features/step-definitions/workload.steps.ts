import { Given } from "@cucumber/cucumber";
import type { HarnessWorld } from "../support/world.ts";

const PHRASES = [
  "{int} running Pod replica(s)",
  "運行中的{int}個Pod副本",
  "运行中的{int}个Pod副本",
];

for (const phrase of PHRASES) {
  Given(phrase, { timeout: -1 }, async function (this: HarnessWorld, replicas: number) {
    await this.explaining(() => this.startWorkload(replicas));
  });
}
