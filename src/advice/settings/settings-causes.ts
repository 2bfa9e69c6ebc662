import type { Cause } from "#advice/cause.ts";
import { exitCode143 } from "./exit-code-143.ts";
import { overProvisionedGrace } from "./over-provisioned-grace.ts";
import { overProvisionedPreStop } from "./over-provisioned-pre-stop.ts";

/** Nothing was lost by these. */
export const SETTINGS_CAUSES: readonly Cause[] = [
  exitCode143,
  overProvisionedPreStop,
  overProvisionedGrace,
];
