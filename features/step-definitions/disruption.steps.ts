import type { DataTable } from "@cucumber/cucumber";
import { drawDisruptions } from "#domain/compound-disruption.ts";
import { DISRUPTION_PHRASES } from "../support/disruption-phrases.ts";
import { DRAWN, IN_ORDER, readTable } from "../support/read-disruptions.ts";
import { defineStep } from "../support/step-registry.ts";
import type { HarnessWorld } from "../support/world.ts";

for (const { phrases, about, disruptionOf } of DISRUPTION_PHRASES) {
  const handler = async function (this: HarnessWorld, ...args: never[]) {
    await this.explaining(() =>
      this.disruptUnderLoad({ disruptionsOf: (workload) => [disruptionOf(workload, ...args)] }),
    );
  };
  // Cucumber holds the number of a handler's parameters against those of its phrase.
  defineStep(
    "When",
    { phrases, about },
    Object.defineProperty(handler, "length", {
      value: disruptionOf.length === 0 ? 0 : disruptionOf.length - 1,
    }),
  );
}

defineStep(
  "When",
  { phrases: IN_ORDER, about: "Each row is one of the sentences above." },
  async function (this: HarnessWorld, table: DataTable) {
    await this.explaining(() =>
      this.disruptUnderLoad({ disruptionsOf: (workload) => readTable(table.raw(), workload) }),
    );
  },
);

defineStep(
  "When",
  {
    phrases: DRAWN,
    about: "Draws from the rows, with pauses between; the same seed does the same again.",
  },
  async function (this: HarnessWorld, times: number, seed: number, table: DataTable) {
    await this.explaining(() =>
      this.disruptUnderLoad({
        seed,
        disruptionsOf: (workload) =>
          drawDisruptions(readTable(table.raw(), workload), { times, seed }),
      }),
    );
  },
);
