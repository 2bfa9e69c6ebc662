import { When } from "@cucumber/cucumber";
import type { HarnessWorld } from "../support/world.ts";

const ROLLING_UPDATE = [
  "a Deployment update is performed",
  "執行Deployment更新",
  "执行Deployment更新",
];

for (const phrase of ROLLING_UPDATE) {
  When(phrase, { timeout: -1 }, async function (this: HarnessWorld) {
    await this.explaining(() =>
      this.disruptUnderLoad((workload) => ({ type: "rolling-update", workload })),
    );
  });
}

const DELETION = ["{int} Pod(s) is/are deleted", "刪除{int}個Pod", "删除{int}个Pod"];

for (const phrase of DELETION) {
  When(phrase, { timeout: -1 }, async function (this: HarnessWorld, count: number) {
    await this.explaining(() =>
      this.disruptUnderLoad((workload) => ({ type: "delete-pods", workload, count })),
    );
  });
}

const NOTHING = [
  "nothing is disturbed for {int} second(s)",
  "{int}秒內不做任何變更",
  "{int}秒内不做任何变更",
];

for (const phrase of NOTHING) {
  When(phrase, { timeout: -1 }, async function (this: HarnessWorld, seconds: number) {
    await this.explaining(() =>
      this.disruptUnderLoad(() => ({ type: "none", durationMs: seconds * 1000 })),
    );
  });
}
