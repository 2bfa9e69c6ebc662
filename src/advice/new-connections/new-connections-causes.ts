import type { Cause } from "#advice/cause.ts";
import { closesListenerEarly } from "./closes-listener-early.ts";
import { endpointStaysReady } from "./endpoint-stays-ready.ts";
import { minReadySecondsZero } from "./min-ready-seconds-zero.ts";
import { noPreStop } from "./no-pre-stop.ts";
import { notReadyUnderLoad } from "./not-ready-under-load.ts";
import { preStopTooShort } from "./pre-stop-too-short.ts";
import { readinessStaysTrue } from "./readiness-stays-true.ts";
import { readinessTooSlow } from "./readiness-too-slow.ts";
import { singleReplica } from "./single-replica.ts";
import { slowStart } from "./slow-start.ts";

/** New connections that found nobody. */
export const NEW_CONNECTIONS_CAUSES: readonly Cause[] = [
  singleReplica,
  notReadyUnderLoad,
  minReadySecondsZero,
  slowStart,
  endpointStaysReady,
  preStopTooShort,
  noPreStop,
  closesListenerEarly,
  readinessTooSlow,
  readinessStaysTrue,
];
