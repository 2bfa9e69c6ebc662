import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KILLED, killMoments } from "./kill-moments.ts";
import { startTarget } from "./kill-nine.ts";

/** One of each way in which something is put back. */
const CHOSEN = [
  ...["env", "scale", "drain", "taint", "stateful set", "shutdown", "loss"],
  "a namespace of its own",
];

/*
 * The harness is killed in the middle, and `lastcall cleanup` makes the cluster what it was. More moments:
 * `npm run kill-nine`.
 */
describe("after a kill -9", { timeout: 120_000 }, () => {
  let target: Awaited<ReturnType<typeof startTarget>>;

  beforeAll(async () => {
    target = await startTarget();
  }, 60_000);

  afterAll(() => target.stop());

  // One moment each; the script has the others.
  const cases = CHOSEN.map((name, seed) => {
    const run = KILLED[name];
    if (run === undefined) throw new Error(`There is no ${name} to be killed in.`);
    const moments = killMoments(run, { seed, count: 2 });
    return [name, Math.round(moments[seed % 2] ?? 0), run] as const;
  });

  it.each(cases)(
    "of a %s, %d ms after it began, cleanup restores every object",
    async (_, ms, run) => {
      const { before, after, said } = await target.killAndCleanUp(run, ms);
      expect(after, said).toEqual(before);
    },
  );
});
