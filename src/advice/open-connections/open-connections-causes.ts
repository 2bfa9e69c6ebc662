import type { Cause } from "#advice/cause.ts";
import { cutsKeepAlive } from "./cuts-keep-alive.ts";
import { keepAliveRace } from "./keep-alive-race.ts";
import { stopsAnswering } from "./stops-answering.ts";

/** Requests on connections that were open. */
export const OPEN_CONNECTIONS_CAUSES: readonly Cause[] = [
  keepAliveRace,
  cutsKeepAlive,
  stopsAnswering,
];
