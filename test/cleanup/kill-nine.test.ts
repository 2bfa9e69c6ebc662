import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KILLED, killMoments } from "./kill-moments.ts";
import { startTarget } from "./kill-nine.ts";

/*
 * The harness is killed in the middle, and `lastcall cleanup` makes the cluster what it was. More moments:
 * `node --conditions=source scripts/kill-nine.ts`.
 */
describe("after a kill -9", { timeout: 120_000 }, () => {
  let target: Awaited<ReturnType<typeof startTarget>>;

  beforeAll(async () => {
    target = await startTarget();
  });

  afterAll(() => target.stop());

  // One moment each; the script has the others.
  const cases = ["env", "scale", "drain", "taint"].map(
    (name, seed) => [name, Math.round(killMoments(seed, 2)[seed % 2] ?? 0)] as const,
  );

  it.each(cases)(
    "of a %s, %d ms after it began, cleanup restores every object",
    async (name, ms) => {
      const { before, after, said } = await target.killAndCleanUp(KILLED[name] ?? [], ms);
      expect(after, said).toEqual(before);
    },
  );
});
