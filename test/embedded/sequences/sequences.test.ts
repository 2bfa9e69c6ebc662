import { assert, asyncProperty } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ControlPlane, startControlPlane } from "#test/embedded/control-plane.ts";
import { SEQUENCES } from "./operations.ts";
import { runSequence } from "./run-sequence.ts";

/** `npm run bench -- sequences` runs more of them. */
const RUNS = 60;

describe("random sequences of API operations", () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await startControlPlane({ nodes: ["node-1", "node-2"], startMs: 1, stopMs: 2 });
  });
  afterAll(() => cluster.stop());

  it("keep every promise of the API, whatever they are", async () => {
    let count = 0;
    const left: Promise<readonly string[]>[] = [];
    const property = asyncProperty(SEQUENCES, async (operations) => {
      count += 1;
      const outcome = await runSequence(cluster.client, `sequence-${count}`, operations);
      left.push(outcome.left);
      expect(outcome.broken).toEqual([]);
    });
    await assert(property, { numRuns: RUNS, seed: 20_261_124 });
    expect((await Promise.all(left)).flat()).toEqual([]);
    expect(cluster.errors).toEqual([]);
  });
});
