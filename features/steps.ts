/**
 * What `import "lastcall/steps"` brings into a cucumber project of your own: the world, the hooks and all
 * step definitions in the three languages.
 */
import "./support/hooks.ts";
import "./step-definitions/disruption.steps.ts";
import "./step-definitions/threshold.steps.ts";
import "./step-definitions/workload.steps.ts";

export { HarnessWorld } from "./support/world.ts";
export type { WorldParameters } from "./support/world-parameters.ts";
