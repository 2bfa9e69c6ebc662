import type { Store } from "#embedded/apiserver/store/store.ts";

/** What the verbs work on. Clock and randomness are given, so a test can decide them. */
export interface ServerContext {
  readonly store: Store;
  readonly nowMs: () => number;
  /** At least 0 and less than 1. */
  readonly random: () => number;
  /** The n-th address of the service range, counted from 0; undefined when the range is used up. */
  readonly serviceAddress: (index: number) => string | undefined;
}

/** RFC 3339 with whole seconds, as `metav1.Time` travels. */
export function timestamp(atMs: number): string {
  return `${new Date(Math.floor(atMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
