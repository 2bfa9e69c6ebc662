import { describe, expect, it } from "vitest";
import { drawDisruptions } from "./compound-disruption.ts";
import type { Disruption } from "./disruption.ts";

const workload = { kind: "Deployment", namespace: "shop", name: "web" } as const;
const CHOICES: readonly Disruption[] = [
  { type: "delete-pods", workload, count: 1 },
  { type: "rolling-update", workload },
];
const draw = (seed: number, times = 20) => drawDisruptions(CHOICES, { times, seed });

describe("drawn disruptions", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("are as many as asked, of all choices, with a pause between two", () => {
    const drawn = draw(7);
    const pauses = drawn.filter(({ type }) => type === "none");
    expect(drawn).toHaveLength(39);
    expect(pauses).toHaveLength(19);
    expect(drawn[0]?.type).not.toBe("none");
    expect(new Set(drawn.map(({ type }) => type))).toEqual(
      new Set(["none", "delete-pods", "rolling-update"]),
    );
    for (const pause of pauses) {
      expect(pause).toMatchObject({ durationMs: expect.any(Number) });
      if (pause.type === "none") expect(pause.durationMs).toBeGreaterThanOrEqual(200);
    }
  });
});
