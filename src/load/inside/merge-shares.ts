import type { StreamAccount } from "#domain/history.ts";

/** What the ledgers of several workers become: one, and what was counted of each worker in it. */
export type MergeShares = (
  directory: string,
  shares: readonly string[],
  streams: readonly string[],
) => readonly (readonly StreamAccount[])[];
