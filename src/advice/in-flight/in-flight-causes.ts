import type { Cause } from "#advice/cause.ts";
import { answers503WhileDraining } from "./answers-503-while-draining.ts";
import { cutsWebsockets } from "./cuts-websockets.ts";
import { drainCutShort } from "./drain-cut-short.ts";
import { exitsAtOnce } from "./exits-at-once.ts";
import { truncatesBodies } from "./truncates-bodies.ts";

/** Requests that a leaving pod had taken. */
export const IN_FLIGHT_CAUSES: readonly Cause[] = [
  cutsWebsockets,
  exitsAtOnce,
  drainCutShort,
  answers503WhileDraining,
  truncatesBodies,
];
