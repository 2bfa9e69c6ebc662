/** Acts on all items, so many at a time; the first error ends it when those under way are done. */
export async function sideBySide<T>(
  jobs: number,
  items: readonly T[],
  act: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  let failed = false;
  const work = async () => {
    for (const item of waiting) {
      if (failed) return;
      await act(item);
    }
  };
  const workers = Array.from({ length: jobs }, () =>
    work().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // Every run has to stop its cluster before the error is told.
  const settled = await Promise.allSettled(workers);
  for (const result of settled) if (result.status === "rejected") throw result.reason;
}
