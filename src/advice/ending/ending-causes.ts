import type { Cause } from "#advice/cause.ts";
import { crashesWhileDraining } from "./crashes-while-draining.ts";
import { drainNeverEnds } from "./drain-never-ends.ts";
import { forceDeleted } from "./force-deleted.ts";
import { graceTooShort } from "./grace-too-short.ts";
import { ignoresSigterm } from "./ignores-sigterm.ts";
import { killedOutright } from "./killed-outright.ts";
import { leaksChildProcess } from "./leaks-child-process.ts";
import { oomKilled } from "./oom-killed.ts";
import { preStopFails } from "./pre-stop-fails.ts";
import { preStopOutlivesGrace } from "./pre-stop-outlives-grace.ts";
import { restartsUnderLoad } from "./restarts-under-load.ts";
import { shellSwallowsSigterm } from "./shell-swallows-sigterm.ts";
import { sidecarStopsFirst } from "./sidecar-stops-first.ts";

/** What the cluster itself said about the end of a pod. */
export const ENDING_CAUSES: readonly Cause[] = [
  killedOutright,
  forceDeleted,
  oomKilled,
  preStopFails,
  preStopOutlivesGrace,
  graceTooShort,
  shellSwallowsSigterm,
  leaksChildProcess,
  drainNeverEnds,
  ignoresSigterm,
  crashesWhileDraining,
  sidecarStopsFirst,
  restartsUnderLoad,
];
