import type { Transaction } from "./transaction.ts";

/** What became of the keys that were sent, judged by how often each is found. */
export interface FateOfKeys {
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  readonly repeated: readonly { readonly key: string; readonly times: number }[];
  /** There, and never sent. */
  readonly unexpected: readonly string[];
  /** There, although every step that was tried was refused. */
  readonly refused: readonly string[];
  /** There, and no answer had said so: what the client could not know. */
  readonly recovered: readonly string[];
}

/** `keys` has one entry for each time a key is there; `transactions` are those of the same run. */
export function fateOfKeys(
  keys: readonly string[],
  transactions: readonly Transaction[],
): FateOfKeys {
  const times = new Map<string, number>();
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  const sent = new Map(transactions.map((transaction) => [transaction.key, transaction]));
  const found = [...times.keys()];
  const sentAndFound = found.flatMap((key) => sent.get(key) ?? []);
  const unsure = sentAndFound.filter(({ acknowledged }) => !acknowledged);
  return {
    lost: transactions
      .filter(({ key, acknowledged }) => acknowledged && !times.has(key))
      .map(({ key }) => key),
    repeated: [...times]
      .filter(([, count]) => count > 1)
      .map(([key, count]) => ({ key, times: count })),
    unexpected: found.filter((key) => !sent.has(key)),
    refused: unsure.filter((each) => !mayHaveActed(each)).map(({ key }) => key),
    recovered: unsure.filter(mayHaveActed).map(({ key }) => key),
  };
}

/** A step was acknowledged, or its answer was lost; only what was refused from the start has surely done nothing. */
export function mayHaveActed({ steps }: Transaction): boolean {
  return steps.some(({ outcome }) => outcome === "ok" || outcome === "indeterminate");
}
