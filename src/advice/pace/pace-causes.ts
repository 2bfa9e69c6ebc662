import type { Cause } from "#advice/cause.ts";
import { halvesCapacity } from "./halves-capacity.ts";
import { leaksDescriptors } from "./leaks-descriptors.ts";
import { stallsSilently } from "./stalls-silently.ts";

/** Nothing failed, and yet it was not enough. */
export const PACE_CAUSES: readonly Cause[] = [stallsSilently, halvesCapacity, leaksDescriptors];
