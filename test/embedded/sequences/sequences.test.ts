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
    const property = asyncProperty(SEQUENCES, async (operations) => {
      count += 1;
      expect(await runSequence(cluster.client, `sequence-${count}`, operations)).toEqual([]);
    });
    await assert(property, { numRuns: RUNS, seed: 20_261_124 });
    expect(cluster.errors).toEqual([]);
  });
});
