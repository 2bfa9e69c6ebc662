import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startControlPlane } from "#test/embedded/control-plane.ts";
import { FAULTS } from "./fault-plan.ts";
import { trySeed } from "./try-seed.ts";
import { EXIT_CODE, type TrialResult } from "./watch-trial.ts";

const SEEDS = Array.from({ length: 10 }, (_, at) => at + 1);

/** `node --conditions=source scripts/watch-faults.ts` runs a hundred seeds, and each for longer. */
describe("the watch of a cluster behind a network that fails", () => {
  /** Sockets, listeners and timers of this process. */
  function held(): Readonly<Record<string, number>> {
    const kinds = process.getActiveResourcesInfo().filter((kind) => /TCP|TLS|Timeout/.test(kind));
    const counted = Map.groupBy(kinds, (kind) => kind);
    return Object.fromEntries([...counted].map(([kind, those]) => [kind, those.length]));
  }

  function moreThan(before: Readonly<Record<string, number>>): readonly string[] {
    return Object.entries(held())
      .filter(([kind, count]) => count > (before[kind] ?? 0))
      .map(([kind, count]) => `${count} ${kind}`);
  }

  async function runAll(): Promise<readonly TrialResult[]> {
    const plane = await startControlPlane({
      ...{ nodes: ["node-1", "node-2"], startMs: 30, stopMs: 80, exitCode: EXIT_CODE },
    });
    try {
      return await Promise.all(
        SEEDS.map((seed) => trySeed({ plane, seed, troubledMs: 16_000 }, () => undefined)),
      );
    } finally {
      await plane.stop();
    }
  }

  it("tells the truth, or of a gap, and leaves nothing behind, for ten seeds", {
    timeout: 90_000,
  }, async () => {
    const before = held();
    const results = await runAll();
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    expect(new Set(results.flatMap(({ faults }) => faults)).size).toBeGreaterThan(
      Object.keys(FAULTS).length / 2,
    );
    for (const { terminations, gaps } of results) {
      expect(terminations).toBeGreaterThan(0);
      expect(gaps).toBeGreaterThan(0);
    }
    // Not `vi.waitFor`, which has timers of its own.
    for (let tries = 0; tries < 60 && moreThan(before).length > 0; tries += 1) await sleep(50);
    expect(moreThan(before)).toEqual([]);
  });
});
